package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.ADA;
import static dev.watersmeet.sync.ServerUnderTest.BOB;
import static dev.watersmeet.sync.ServerUnderTest.NOW;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static dev.watersmeet.sync.ServerUnderTest.edit;
import static dev.watersmeet.sync.ServerUnderTest.id;
import static dev.watersmeet.sync.ServerUnderTest.problem;
import static dev.watersmeet.sync.ServerUnderTest.pushed;
import static dev.watersmeet.sync.ServerUnderTest.stamp;
import static dev.watersmeet.sync.ServerUnderTest.whole;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.Scan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is told what of a document, as it comes to be readable and ceases to be (P-24). */
class DocumentAccessTest {
    private final TeamPolicy policy = new TeamPolicy().with(ADA, "red").with(BOB, "blue");
    private final ServerUnderTest server = new ServerUnderTest(
            builder -> builder.access(Access.writeEverywhere().withDocuments(policy)));
    private final Pusher ada = new Pusher(server, ADA, 1);
    private final Pusher bob = new Pusher(server, BOB, 2);

    private void put(String id, String team, String title) {
        server.millis.incrementAndGet();
        server.documents().put(id, Map.of("team", team, "title", title));
    }

    private Pusher pusher(Principal principal) {
        return ada.principal.equals(principal) ? ada : bob;
    }

    private String cursor(Principal principal) {
        return pusher(principal).cursor();
    }

    private List<DocumentId> snapshot(Principal principal) {
        return server.engine.snapshot(principal, SPACE, pusher(principal).id, null).documents().stream()
                .map(DocumentCells::id)
                .toList();
    }

    private Page changes(Principal principal, String cursor) {
        return server.engine.changes(principal, SPACE, cursor);
    }

    private static DocumentState only(Page page) {
        assertThat(page.documents()).hasSize(1);
        return page.documents().get(0).cells();
    }

    private static void assertNothing(Page page) {
        assertThat(page.documents()).isEmpty();
        assertThat(page.withdrawn()).isEmpty();
        assertThat(page.dropped()).isEmpty();
    }

    @Test
    void whoMayReadADocumentIsToldOfItAndOthersAreNot() {
        String adas = cursor(ADA);
        String bobs = cursor(BOB);

        put("t1", "red", "milk");

        assertThat(changes(ADA, adas).documents()).extracting(DocumentCells::id).containsExactly(id("t1"));
        assertNothing(changes(BOB, bobs));
        assertThat(snapshot(ADA)).containsExactly(id("t1"));
        assertThat(snapshot(BOB)).isEmpty();
    }

    @Test
    void anEditIsToldAsItIs() {
        put("t1", "red", "milk");
        String cursor = cursor(ADA);

        put("t1", "red", "bread");

        Page page = changes(ADA, cursor);
        assertThat(page.complete()).isEmpty();
        assertThat(only(page).get(Path.register("title"))).isNotNull();
        assertThat(only(page).get(Path.register("team"))).isNull();
    }

    @Test
    void aDocumentThatChangesHandsIsWithdrawnFromTheOnesAndArrivesWholeAtTheOthers() {
        put("t1", "red", "milk");
        String adas = cursor(ADA);
        String bobs = cursor(BOB);

        put("t1", "blue", "milk");

        assertThat(changes(ADA, adas).withdrawn()).containsExactly(id("t1"));
        assertThat(changes(ADA, adas).documents()).isEmpty();
        Page page = changes(BOB, bobs);
        assertThat(page.complete()).containsExactly(id("t1"));
        assertThat(Records.read(only(page), ServerUnderTest.SCHEMA)
                        .orElseThrow()
                        .fields())
                .containsEntry("title", Value.of("milk"));
    }

    @Test
    void whoHasPushedAsAnotherAndIsAgainWhoTheyWereHearsThatItIsGone() {
        put("t1", "blue", "milk");
        String asRed = cursor(ADA);
        policy.with(ADA, "blue");
        Push push = ada.next(pushed("t1", edit(stamp(NOW, ada.id), "title", "bread")));

        assertThat(problem(() -> ada.send(push, asRed)).code()).isEqualTo(ProblemCode.RESYNC);
        String asBlue = cursor(ADA);
        ada.send(push, asBlue); // the answer is lost
        policy.with(ADA, "red");

        assertThat(ada.send(push, asBlue).rejected()).isEmpty();
        assertThat(problem(() -> changes(ADA, asBlue)).code()).isEqualTo(ProblemCode.RESYNC);
        assertThat(snapshot(ADA)).isEmpty();
    }

    @Test
    void moreThanAPageShouldBringComesInPagesOfASnapshot() {
        String text = "x".repeat(900_000);
        int documents = (int) (JudgedPage.MAX_WHOLE_BYTES / text.length()) + 2;
        for (int i = 0; i < documents; i++) {
            put("t" + i, "red", text);
        }
        String bobs = cursor(BOB);
        String adas = cursor(ADA);
        for (int i = 0; i < documents; i++) {
            server.documents().edit("t" + i, record -> record.put("team", "blue"));
        }

        assertThat(problem(() -> changes(BOB, bobs)).code()).isEqualTo(ProblemCode.RESYNC);
        assertThat(changes(ADA, adas).withdrawn()).hasSize(documents);
        assertThat(changes(BOB, cursor(BOB)).more()).isFalse();
    }

    @Test
    void whatHappensToADocumentAfterItWasWithdrawnIsNotTold() {
        put("t1", "red", "milk");
        put("t1", "blue", "milk");
        String cursor = cursor(ADA);

        put("t1", "blue", "bread");

        assertNothing(changes(ADA, cursor));
    }

    @Test
    void aDocumentThatWasAwayForAMomentArrivesWhole() {
        put("t1", "red", "milk");
        String cursor = cursor(ADA);

        put("t1", "blue", "bread");
        put("t1", "red", "bread");

        Page page = changes(ADA, cursor);
        assertThat(page.complete()).containsExactly(id("t1"));
        assertThat(page.withdrawn()).isEmpty();
    }

    @Test
    void aPageThatEndsBeforeADocumentComesBackBringsAllOfIt() {
        put("t1", "blue", "milk");
        String cursor = cursor(ADA);
        put("t1", "blue", "bread");
        String before = server.head();
        put("t1", "red", "bread");

        // The page that another node has read before the document became readable, judged by what is known now.
        DocumentCells delta =
                server.store.changes(SPACE, storeCursor(cursor), 1).documents().get(0);
        assertThat(before).isNotEqualTo(server.head());
        JudgedDocument judged = JudgedDocument.of(
                delta,
                server.stored(id("t1")),
                server.engine.space(SPACE.name()).documentAccess().readers().of(policy, stored("t1")),
                false);

        assertThat(judged.joining()).containsExactly("team red");
        assertThat(judged.staying()).isEmpty();
    }

    private static dev.watersmeet.store.Cursor storeCursor(String cursor) {
        return new dev.watersmeet.store.Cursor(cursor.substring(cursor.indexOf('~', 1) + 1));
    }

    private DocumentCells stored(String id) {
        return new DocumentCells(id(id), server.stored(id(id)));
    }

    @Test
    void aPageThatWasJudgedByWhatMayBeOfLaterIsNotTheLast() {
        String cursor = cursor(ADA);
        put("t1", "red", "milk");
        policy.beforeJudging = () -> {
            policy.beforeJudging = () -> {};
            put("t2", "red", "bread");
        };

        Page page = changes(ADA, cursor);

        assertThat(page.documents()).extracting(DocumentCells::id).containsExactly(id("t1"));
        assertThat(page.more()).isTrue();
        assertThat(changes(ADA, page.cursor()).more()).isFalse();
    }

    @Test
    void whatAPolicyRefusesDoesNotMoveTheClock() {
        policy.fixed = "title";
        long ahead = NOW + SyncEngine.DEFAULT_DRIFT.toMillis() / 2;

        assertThat(ada.push(pushed("t1", edit(stamp(ahead, ada.id), "title", "mine")))
                        .rejected())
                .hasSize(1);
        policy.fixed = "";
        put("t2", "red", "milk");

        assertThat(server.stored(id("t2")).cells().values())
                .allMatch(cell -> cell.stamp().millis() < ahead);
    }

    @Test
    void marksTravelToNobody() {
        String cursor = cursor(ADA);
        put("t1", "red", "milk");
        put("t1", "red", "bread");

        assertThat(server.stored(id("t1")).get(Path.access("team red"))).isNotNull();
        assertThat(changes(ADA, cursor).documents()).allSatisfy(DocumentAccessTest::assertUnmarked);
        assertThat(server.engine.snapshot(ADA, SPACE, ada.id, null).documents())
                .allSatisfy(DocumentAccessTest::assertUnmarked);

        SyncEngine open =
                SyncEngine.on(server.store).access(Access.writeEverywhere()).open();
        assertThat(open.snapshot(ADA, SPACE, ada.id, null).documents()).allSatisfy(DocumentAccessTest::assertUnmarked);
        String plain = storeCursor(cursor).text();
        assertThat(open.changes(ADA, SPACE, plain).documents())
                .isNotEmpty()
                .allSatisfy(DocumentAccessTest::assertUnmarked);
    }

    private static void assertUnmarked(DocumentCells document) {
        assertThat(document.cells().cells().keySet()).noneMatch(path -> path.kind() == Kind.ACCESS);
    }

    @Test
    void aDeletionIsToldToWhoCouldReadTheDocument() {
        put("t1", "red", "milk");
        String adas = cursor(ADA);
        String bobs = cursor(BOB);

        server.documents().delete("t1");

        assertThat(only(changes(ADA, adas)).alive()).isFalse();
        assertNothing(changes(BOB, bobs));
        assertThat(snapshot(ADA)).containsExactly(id("t1"));
    }

    @Test
    void aDeadDocumentKeepsItsReadersAndComesBackToThem() {
        put("t1", "red", "milk");
        server.documents().delete("t1");

        assertThat(bob.push(pushed("t1", edit(stamp(NOW + 9, bob.id), "title", "stolen")))
                        .rejected())
                .extracting(rejection -> rejection.code())
                .containsExactly(RejectionCode.FORBIDDEN);
        assertThat(ada.push(pushed("t1", edit(stamp(NOW + 9, ada.id), "title", "mine")))
                        .rejected())
                .isEmpty();
    }

    @Test
    void aPurgeIsToldOnlyToThoseWhoCouldReadWhatItDrops() {
        put("t1", "red", "milk");
        server.documents().delete("t1");
        String adas = cursor(ADA);
        String bobs = cursor(BOB);

        server.purge();

        assertThat(changes(ADA, adas).dropped())
                .isNotEmpty()
                .allSatisfy(DocumentAccessTest::assertUnmarked)
                .extracting(DocumentCells::id)
                .containsExactly(id("t1"));
        assertNothing(changes(BOB, bobs));
    }

    @Test
    void whatAPurgeDropsOfALivingDocumentIsToldToWhoMayReadIt() {
        put("t1", "red", "milk");
        server.documents().edit("t1", record -> record.remove("title"));
        String adas = cursor(ADA);
        String bobs = cursor(BOB);

        server.purge();

        assertThat(changes(ADA, adas).dropped()).extracting(DocumentCells::id).containsExactly(id("t1"));
        assertNothing(changes(BOB, bobs));
    }

    @Test
    void aPurgeKeepsTheMarksOfALivingDocument() {
        put("t1", "red", "milk");
        put("t1", "blue", "milk");

        server.purge();

        assertThat(server.stored(id("t1")).get(Path.access("team red")))
                .matches(mark -> mark != null && mark.removed());
    }

    @Test
    void whoMayNotReadADocumentMayNotChangeIt() {
        put("t1", "red", "milk");
        DocumentState before = server.stored(id("t1"));

        assertThat(bob.push(pushed("t1", edit(stamp(NOW + 9, bob.id), "team", "blue")))
                        .rejected())
                .extracting(rejection -> rejection.code())
                .containsExactly(RejectionCode.FORBIDDEN);
        DocumentState uploaded = edit(stamp(NOW + 9, bob.id), "team", "blue");
        assertThat(bob.push(whole("t1", uploaded)).rejected()).hasSize(1);

        assertThat(server.stored(id("t1"))).isEqualTo(before);
    }

    @Test
    void marksAreNobodysToPush() {
        put("t1", "red", "milk");
        DocumentState mark = DocumentState.of(Map.of(Path.access("team blue"), Cell.live(stamp(NOW + 9, ada.id))));

        assertThat(ada.push(pushed("t1", mark), whole("t2", mark)).rejected())
                .extracting(rejection -> rejection.code())
                .containsExactly(RejectionCode.MALFORMED, RejectionCode.MALFORMED);
        assertThat(server.stored(id("t1")).get(Path.access("team blue"))).isNull();
    }

    @Test
    void everybodyMayCreateADocument() {
        assertThat(bob.push(pushed("t2", edit(stamp(NOW, bob.id), "team", "red")))
                        .rejected())
                .isEmpty();

        assertThat(snapshot(ADA)).containsExactly(id("t2"));
        assertThat(snapshot(BOB)).isEmpty();
    }

    @Test
    void whatSomebodyHasCreatedForOthersIsWithdrawnFromThemAndFromNobodyElse() {
        Principal another = new Principal("another of the blue ones");
        policy.with(another, "blue");
        String bobs = cursor(BOB);

        bob.push(pushed("t2", edit(stamp(NOW, bob.id), "team", "red")));

        assertNothing(changes(another, bobs));
        assertThat(changes(BOB, bobs).withdrawn()).containsExactly(id("t2"));
        assertNothing(changes(another, bobs));
    }

    @Test
    void theDocumentsThatAPolicyRefusesAreRefusedInItsWordsAndTheOthersAreNot() {
        put("t1", "red", "milk");
        policy.fixed = "title";
        String cursor = cursor(ADA);

        assertThat(ada.push(
                                pushed("t1", edit(stamp(NOW + 9, ada.id), "title", "bread")),
                                pushed("t2", edit(stamp(NOW + 9, ada.id), "team", "red")))
                        .rejected())
                .singleElement()
                .satisfies(rejection -> {
                    assertThat(rejection.id()).isEqualTo(id("t1"));
                    assertThat(rejection.code()).isEqualTo(RejectionCode.FORBIDDEN);
                    assertThat(rejection.detail()).isEqualTo("nobody may change title");
                });
        assertThat(changes(ADA, cursor).documents())
                .extracting(DocumentCells::id)
                .containsExactly(id("t2"));
    }

    @Test
    void whatIsThereAlreadyIsNotJudgedAgain() {
        DocumentState sent = edit(stamp(NOW, ada.id), "team", "red");
        ada.push(pushed("t1", sent));
        put("t1", "blue", "moved");

        assertThat(ada.push(pushed("t1", sent)).rejected()).isEmpty();
    }

    @Test
    void aDocumentThatAPolicyCannotJudgeIsRefused() {
        Stamp stamp = stamp(NOW, ada.id);
        DocumentState root = DocumentState.of(
                Map.of(Path.ROOT, Cell.live(stamp, Value.of("text")), Path.existence(ada.id), Cell.live(stamp)));

        assertThat(ada.push(pushed("t1", root)).rejected())
                .extracting(rejection -> rejection.code())
                .containsExactly(RejectionCode.FORBIDDEN);
    }

    @Test
    void membershipsThatChangeAskForAResync() {
        put("t1", "red", "milk");
        String cursor = cursor(BOB);
        assertNothing(changes(BOB, cursor));

        policy.with(BOB, "blue", "red");

        assertThat(problem(() -> changes(BOB, cursor)).code()).isEqualTo(ProblemCode.RESYNC);
        assertThat(snapshot(BOB)).containsExactly(id("t1"));
    }

    @Test
    void membershipsThatChangeDuringASnapshotAskForAnother() {
        for (int i = 0; i < 3_000; i++) {
            put("t" + i, "red", "milk");
        }
        String position = server.engine.snapshot(ADA, SPACE, ada.id, null).position();
        assertThat(position).isNotNull();

        policy.with(ADA, "blue");

        assertThat(problem(() -> server.engine.snapshot(ADA, SPACE, ada.id, position))
                        .code())
                .isEqualTo(ProblemCode.RESYNC);
    }

    @Test
    void aPushIsJudgedByWhatItsSenderIsToldAfterwards() {
        String cursor = cursor(ADA);
        policy.with(ADA, "red", "blue");
        Push push = ada.next(pushed("t1", edit(stamp(NOW, ada.id), "team", "red")));

        assertThat(problem(() -> ada.send(push, cursor)).code()).isEqualTo(ProblemCode.RESYNC);
        assertThat(snapshot(ADA)).isEmpty();
        assertThat(ada.send(push, cursor(ADA)).rejected()).isEmpty();
    }

    @Test
    void whoHasChangedTeamsIsNotAskedToGiveBackWhatTheyReadBefore() {
        put("t1", "red", "milk");
        String cursor = cursor(ADA);
        policy.with(ADA, "blue");
        server.store.maintenance().renewEpoch(SPACE);
        Push push = ada.next(pushed("t2", edit(stamp(NOW, ada.id), "team", "blue")));

        assertThat(problem(() -> changes(ADA, cursor)).code()).isEqualTo(ProblemCode.RESYNC);
        assertThat(problem(() -> ada.send(push, cursor)).code()).isEqualTo(ProblemCode.RESYNC);
        policy.with(ADA, "red");
        assertThat(problem(() -> ada.send(push, cursor)).code()).isEqualTo(ProblemCode.RESTORED);
    }

    @Test
    void aNewVersionOfThePolicyJudgesAllDocumentsAnew() {
        put("t1", "red", "milk");
        String cursor = cursor(ADA);

        policy.version = "2";
        policy.prefix = "group ";

        assertThat(problem(() -> changes(ADA, cursor)).code()).isEqualTo(ProblemCode.RESYNC);
        assertThat(snapshot(ADA)).containsExactly(id("t1"));
        assertThat(server.stored(id("t1")).get(Path.access("team red")))
                .matches(mark -> mark != null && mark.removed());
    }

    @Test
    void aPolicyMeetsASpaceThatHadNone() {
        SyncEngine before = SyncEngine.on(server.store)
                .access(Access.writeEverywhere())
                .time(server.millis::get)
                .open();
        before.space(SPACE.name()).collection("todos").put("t1", Map.of("team", "red"));
        before.space(SPACE.name()).collection("todos").put("t2", Map.of("team", "blue"));

        assertThat(snapshot(ADA)).containsExactly(id("t1"));
        assertThat(snapshot(BOB)).containsExactly(id("t2"));
        assertThat(ada.push(pushed("t2", edit(stamp(NOW + 9, ada.id), "title", "mine")))
                        .rejected())
                .hasSize(1);
    }

    @Test
    void aVersionThatIsTakenBackBeforeAllDocumentsHadItsMarksMarksThemAnew() {
        put("t1", "red", "milk");
        assertThat(snapshot(ADA)).containsExactly(id("t1"));
        policy.version = "2";
        policy.prefix = "group ";
        assertThat(snapshot(ADA)).containsExactly(id("t1"));
        Metadata metadata = server.store.metadata(SPACE);
        assertThat(metadata.compareAndSet("access/policy-version", "2", "marking\n2\n"))
                .isTrue(); // as if it had died

        policy.version = "1";
        policy.prefix = "team ";
        SyncEngine restarted = SyncEngine.on(server.store)
                .access(Access.writeEverywhere().withDocuments(policy))
                .time(server.millis::get)
                .open();

        assertThat(restarted.snapshot(ADA, SPACE, ada.id, null).documents())
                .extracting(DocumentCells::id)
                .containsExactly(id("t1"));
        assertThat(metadata.get("access/policy-version")).contains("1");
        assertThat(server.stored(id("t1")).get(Path.access("team red")))
                .matches(mark -> mark != null && !mark.removed());
    }

    @Test
    void markingIsGoneOnWithWhereItWasInterrupted() {
        put("t1", "red", "milk");
        put("t2", "red", "bread");
        snapshot(ADA);
        Scan first = server.store.scan(SPACE, null, 1);
        Metadata metadata = server.store.metadata(SPACE);
        String position = requireNonNull(first.position()).text();
        assertThat(metadata.compareAndSet("access/policy-version", "1", "marking\n2\n" + position))
                .isTrue();
        policy.version = "2";
        policy.prefix = "group ";

        snapshot(ADA);

        assertThat(metadata.get("access/policy-version")).contains("2");
        DocumentId seen = first.documents().get(0).id();
        DocumentId rest = seen.equals(id("t1")) ? id("t2") : id("t1");
        assertThat(server.stored(rest).get(Path.access("group red"))).isNotNull();
    }

    @Test
    @Timeout(30)
    void aLargeSpaceIsMarkedInTheBackgroundAndRequestsAreAskedToComeAgain() throws Exception {
        Map<String, Object> large = new HashMap<>(Map.of("team", "red"));
        for (int i = 0; i < MarkingRun.SCANNED_CELLS; i++) {
            large.put("f" + i, 1);
        }
        put("t0", "red", "milk");
        String cursor = cursor(ADA);
        for (int i = 0; i <= AccessMarking.SCANS_AT_ONCE; i++) {
            server.documents().put("t" + i, large);
        }
        CountDownLatch goesOn = new CountDownLatch(1);
        Thread request = Thread.currentThread();
        policy.beforeJudging = () -> {
            if (!Thread.currentThread().equals(request)) {
                await(goesOn);
            }
        };
        policy.version = "2";
        policy.prefix = "group ";

        for (int i = 0; i < 3; i++) {
            assertThat(problem(() -> changes(ADA, cursor)).code()).isEqualTo(ProblemCode.STORE_UNAVAILABLE);
        }
        assertThat(server.store.metadata(SPACE).get("access/policy-version")).contains("marking\n2\n");
        goesOn.countDown();
        while (!server.store.metadata(SPACE).get("access/policy-version").equals(Optional.of("2"))) {
            Thread.sleep(10); // until the test's own timeout
        }
        while (problem(() -> changes(ADA, cursor)).code() == ProblemCode.STORE_UNAVAILABLE) {
            Thread.sleep(10);
        }
        assertThat(problem(() -> changes(ADA, cursor)).code()).isEqualTo(ProblemCode.RESYNC);
        assertThat(snapshot(ADA)).isNotEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aVersionWithControlCharactersIsRefused() {
        policy.version = "1\n2";

        assertThatThrownBy(() -> snapshot(ADA)).hasMessageContaining("control character");
    }

    @Test
    void marksThatAreMissingAreMendedWhenTheDocumentIsNextRead() {
        String cursor = cursor(ADA);
        server.join(new DocumentCells(id("t1"), edit(stamp(NOW, ada.id), "team", "red")));

        assertThat(changes(ADA, cursor).complete()).containsExactly(id("t1"));
    }

    @Test
    void marksThatAreWrongLetNobodyReadAndAreMended() {
        put("t1", "red", "milk");
        String cursor = cursor(BOB);
        Stamp stamp = stamp(NOW + 50, ada.id);
        server.join(new DocumentCells(id("t1"), DocumentState.of(Map.of(Path.access("team blue"), Cell.live(stamp)))));

        assertThat(changes(BOB, cursor).documents()).isEmpty();
        assertThat(snapshot(BOB)).isEmpty();

        assertThat(server.stored(id("t1")).get(Path.access("team blue")))
                .matches(mark -> mark != null && mark.removed());
    }

    @Test
    void whoLooksAtTheSamePageSharesTheDocuments() {
        policy.with(BOB, "red", "blue");
        String adas = cursor(ADA);
        String bobs = cursor(BOB);
        put("t1", "red", "milk");

        Page page = changes(ADA, adas);

        assertThat(changes(ADA, adas)).isSameAs(page);
        assertThat(changes(BOB, bobs).documents().get(0))
                .isSameAs(page.documents().get(0));
    }

    @Test
    void withoutAPolicyNothingIsMarked() {
        ServerUnderTest open = new ServerUnderTest();
        new Pusher(open, ADA, 1)
                .push(pushed("t1", edit(stamp(NOW, new dev.watersmeet.crdt.ReplicaId(1)), "team", "red")));

        assertUnmarked(new DocumentCells(id("t1"), open.stored(id("t1"))));
        assertThat(Optional.ofNullable(
                        open.store.metadata(SPACE).get("access/policy-version").orElse(null)))
                .isEmpty();
    }
}
