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
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What somebody tries who may not read a document, and what nodes that come between each other must not lose (P-24). */
class AccessAttacksTest {
    private final TeamPolicy teams = new TeamPolicy().with(ADA, "red").with(BOB, "blue");
    private RuntimeException failure = new IllegalStateException("a policy that is out of order");
    private int failures;
    private Function<DocumentChange, Optional<String>> refusing = change -> Optional.empty();
    private final DocumentPolicy policy = new DocumentPolicy() {
        @Override
        public String version() {
            return teams.version();
        }

        @Override
        public Set<String> readers(DocumentId document, Value record) {
            if (failures > 0) {
                failures--;
                throw failure;
            }
            return teams.readers(document, record);
        }

        @Override
        public Set<String> audiences(Principal principal) {
            return teams.audiences(principal);
        }

        @Override
        public Optional<String> refuse(Principal principal, DocumentChange change) {
            return refusing.apply(change);
        }
    };
    private final ServerUnderTest server = new ServerUnderTest(
            builder -> builder.access(Access.writeEverywhere().withDocuments(policy)));
    private final Pusher ada = new Pusher(server, ADA, 1);
    private final Pusher bob = new Pusher(server, BOB, 2);

    private void put(String id, String team, String title) {
        server.millis.incrementAndGet();
        server.documents().put(id, Map.of("team", team, "title", title));
    }

    private String cursor(Principal principal) {
        return server.engine
                .snapshot(principal, SPACE, principal.equals(ADA) ? ada.id : bob.id, null)
                .cursor();
    }

    private Page changes(Principal principal, String cursor) {
        return server.engine.changes(principal, SPACE, cursor);
    }

    @Test
    void verdictsDoNotTellHowGuessedCellsCompareWithThoseOfOthers() {
        put("t1", "red", "milk");
        Cell title = Objects.requireNonNull(server.stored(id("t1")).get(Path.register("title")));
        DocumentState removal = DocumentState.of(
                Map.of(Path.register("title"), Cell.removed(stamp(title.stamp().millis() - 1, bob.id))));
        DocumentState guess =
                DocumentState.of(Map.of(Path.register("title"), Cell.live(title.stamp(), Value.of("a guess"))));

        assertThat(bob.push(pushed("t1", removal)).rejected()).hasSize(1);
        assertThat(bob.push(whole("t1", guess)).rejected()).hasSize(1);
    }

    @Test
    void whoHasWrittenADocumentDoesNotLearnWhatIsWrittenToItAfterwards() {
        DocumentState created = edit(stamp(NOW, bob.id), "team", "red");
        bob.push(pushed("t1", created));
        server.millis.addAndGet(10);
        server.documents().edit("t1", record -> record.put("tags", List.of("secret")));
        Path secret = server.stored(id("t1")).cells().keySet().stream()
                .filter(path -> path.text().contains("secret"))
                .findFirst()
                .orElseThrow();
        DocumentState guess = created.copy();
        guess.join(secret, Cell.removed(stamp(NOW - 1, bob.id)));

        assertThat(bob.push(pushed("t1", guess)).rejected()).hasSize(1);
        assertThat(bob.push(pushed("t1", created)).rejected()).as("sent anew").isEmpty();
    }

    @Test
    void whoTakesANameThatWasPurgedIsNotToldWhatItStoodFor() {
        put("t1", "red", "milk");
        server.documents().delete("t1");
        String bobs = cursor(BOB);
        server.purge();
        bob.push(pushed("t1", edit(stamp(server.millis.get(), bob.id), "team", "blue")));

        Page page;
        do {
            page = changes(BOB, bobs);
            assertThat(page.dropped()).isEmpty();
            assertThat(page.documents())
                    .allSatisfy(document -> assertThat(document.cells().get(Path.register("title")))
                            .isNull());
            bobs = page.cursor();
        } while (page.more());
        assertThat(server.stored(id("t1")).alive()).isTrue();
    }

    @Test
    void aPurgeDoesNotTellWhatWasWrittenToADocumentAfterItWasWithdrawn() {
        put("t1", "red", "milk");
        put("t1", "blue", "a secret of the blue ones");
        server.documents().delete("t1");
        String adas = cursor(ADA);
        String bobs = cursor(BOB);

        server.purge();

        assertThat(changes(ADA, adas).dropped()).isEmpty();
        assertThat(changes(ADA, adas).withdrawn()).containsExactly(id("t1"));
        assertThat(changes(BOB, bobs).dropped()).extracting(DocumentCells::id).containsExactly(id("t1"));
    }

    @Test
    void positionsOfSnapshotsNameNoDocumentsAndAreOfOneView() {
        for (int i = 0; i < 1_500; i++) {
            put("t" + i, "red", "milk");
        }
        String plain = Objects.requireNonNull(
                        server.store.scan(SPACE, null, 5_000).position())
                .text();

        String position = Objects.requireNonNull(
                server.engine.snapshot(BOB, SPACE, bob.id, null).position());

        assertThat(position).doesNotContain(plain);
        String sealed = position.substring(position.lastIndexOf('~') + 1);
        assertThat(new String(Base64.getUrlDecoder().decode(sealed), StandardCharsets.ISO_8859_1))
                .doesNotContain(plain);
        SnapshotPage last = server.engine.snapshot(BOB, SPACE, bob.id, position);
        assertThat(last.position()).isNull();
        assertThat(last.total()).isEqualTo(1_500);
        String prefix = position.substring(0, position.lastIndexOf('~') + 1);
        for (String forged : List.of(prefix + plain, prefix, prefix + sealed.substring(4), prefix + "AAAA" + sealed)) {
            assertThat(problem(() -> server.engine.snapshot(BOB, SPACE, bob.id, forged))
                            .code())
                    .isEqualTo(ProblemCode.RESYNC);
        }
    }

    @Test
    void whatAPolicyFailsToJudgeForAMomentIsNotMissed() {
        put("t1", "red", "milk");
        String adas = cursor(ADA);
        put("t1", "red", "bread");

        failures = 1;

        assertThat(changes(ADA, adas).documents()).extracting(DocumentCells::id).containsExactly(id("t1"));
        failures = 1;
        assertThat(server.engine.snapshot(ADA, SPACE, ada.id, null).documents()).hasSize(1);
    }

    @Test
    void aPolicyThatFailsToJudgeAChangeRefusesItAndNothingElse() {
        put("t1", "red", "milk");
        refusing = change -> {
            if (change.document().equals(id("t1"))) {
                throw failure;
            }
            return Optional.empty();
        };

        assertThat(ada.push(
                                pushed("t1", edit(stamp(NOW + 9, ada.id), "title", "bread")),
                                pushed("t2", edit(stamp(NOW + 9, ada.id), "team", "red")))
                        .rejected())
                .extracting(rejection -> rejection.id(), rejection -> rejection.code())
                .containsExactly(org.assertj.core.api.Assertions.tuple(id("t1"), RejectionCode.FORBIDDEN));
    }

    @Test
    void aDocumentThatAPushNamesTwiceIsJudgedByWhatItIsThen() {
        refusing = change ->
                change.fields().contains("price") && change.after("team").equals(Optional.of(Value.of("red")))
                        ? Optional.of("no prices for the red ones")
                        : Optional.empty();

        assertThat(ada.push(
                                pushed("t1", edit(stamp(NOW, ada.id), "team", "red")),
                                pushed("t1", edit(stamp(NOW + 1, ada.id), "price", 7)))
                        .rejected())
                .hasSize(1);
        assertThat(server.stored(id("t1")).get(Path.register("price"))).isNull();
    }

    @Test
    void whatIsInTheLogAndNotYetAmongTheCellsIsNotMissed() {
        String adas = cursor(ADA);
        put("t1", "red", "milk");
        Store late = (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("read")) {
                        return Map.of();
                    }
                    try {
                        return method.invoke(server.store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        SyncEngine another = SyncEngine.on(late)
                .access(Access.writeEverywhere().withDocuments(policy))
                .node("another")
                .time(server.millis::get)
                .open();

        assertThat(another.changes(ADA, SPACE, adas).complete()).containsExactly(id("t1"));
    }

    @Test
    void aPageThatBringsWhatIsLaterIsNotTheLast() {
        put("t1", "blue", "milk");
        String adas = cursor(ADA);
        put("t1", "red", "milk");
        Store busy = (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("read")) {
                        put("t1", "red", "bread");
                        put("t2", "red", "of the same moment");
                    }
                    try {
                        return method.invoke(server.store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        SyncEngine another = SyncEngine.on(busy)
                .access(Access.writeEverywhere().withDocuments(policy))
                .node("another")
                .time(server.millis::get)
                .open();

        Page page = another.changes(ADA, SPACE, adas);
        assertThat(page.complete()).containsExactly(id("t1"));
        assertThat(page.more()).isTrue();
    }

    @Test
    void aDocumentThatHasNoRoomForMarksHoldsUpNoOther() {
        ServerUnderTest small = new ServerUnderTest(
                builder -> builder.access(Access.writeEverywhere().withDocuments(policy)),
                new Limits(150, 1_000, 1_000, 50_000, 8 << 10));
        teams.prefix = "x".repeat(60);
        small.join(
                new DocumentCells(id("t1"), edit(stamp(NOW, ada.id), "team", "a team with a name too long for a mark")),
                new DocumentCells(id("t2"), edit(stamp(NOW, ada.id), "team", "red")));

        assertThat(small.engine.snapshot(ADA, SPACE, ada.id, null).documents()).hasSize(1);
    }
}
