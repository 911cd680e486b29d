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
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pages of changes, alone and with a push (P-2, P-3). */
class ChangesTest {
    private final ServerUnderTest server = new ServerUnderTest();
    private final Pusher ada = new Pusher(server, ADA, 1);

    private SyncAnswer pull(Pusher pusher, @Nullable String cursor) {
        return server.engine.sync(pusher.principal, SPACE, new SyncRequest(pusher.id, cursor, true, null));
    }

    @Test
    void nothingNewIsAnEmptyPageAtTheSameCursor() {
        assertThat(server.engine.changes(ADA, SPACE, server.head()))
                .isEqualTo(new Page(List.of(), server.head(), false));
    }

    @Test
    @Tag("P-3")
    @Tag("P-15")
    @Tag("P-3")
    void pagesAreBoundedAndLeadToTheHead() {
        String start = server.head();
        for (int i = 0; i < 6_000; i += 1_000) {
            DocumentCells[] documents = new DocumentCells[500];
            for (int j = 0; j < documents.length; j++) {
                documents[j] = new DocumentCells(id("d" + (i + j)), edit(stamp(NOW, ada.id), "title", j));
            }
            server.join(documents);
        }
        Page first = server.engine.changes(ADA, SPACE, start);
        assertThat(first.more()).isTrue();
        assertThat(first.documents()).hasSize(2_500);
        Page second = server.engine.changes(ADA, SPACE, first.cursor());
        assertThat(second.more()).isFalse();
        assertThat(second.documents()).hasSize(500);
        assertThat(second.cursor()).isEqualTo(server.head());
    }

    @Test
    void aPageThatWasReadBeforeDoesNotHideWhatCameSince() {
        String start = server.head();
        server.documents().put("t1", Map.of("title", "x"));
        assertThat(server.engine.changes(ADA, SPACE, start).documents()).hasSize(1);
        assertThat(server.engine.changes(BOB, SPACE, start).documents()).hasSize(1);
        server.documents().put("t2", Map.of("title", "y"));
        Page page = server.engine.changes(ADA, SPACE, start);
        assertThat(page.documents()).extracting(DocumentCells::id).containsExactlyInAnyOrder(id("t1"), id("t2"));
        assertThat(page.cursor()).isEqualTo(server.head());
    }

    @Test
    void onePageHoldsEachDocumentOnceWithItsJoinedCells() {
        String start = server.head();
        for (int i = 0; i < 5; i++) {
            server.millis.incrementAndGet();
            server.documents().put("t1", Map.of("title", i));
        }
        assertThat(server.changesAfter(start)).singleElement().satisfies(document -> assertThat(document.cells())
                .isEqualTo(server.stored(id("t1"))));
    }

    @Test
    @Tag("P-2")
    void aPushAndAPullInOneRoundTripEchoThePush() {
        String start = server.head();
        DocumentState cells = edit(stamp(NOW, ada.id), "title", "x");
        SyncAnswer answer =
                server.engine.sync(ADA, SPACE, new SyncRequest(ada.id, start, true, ada.next(pushed("t1", cells))));
        assertThat(answer.time()).isEqualTo(NOW);
        assertThat(Objects.requireNonNull(answer.push()).rejected()).isEmpty();
        assertThat(Objects.requireNonNull(answer.changes()).documents())
                .containsExactly(new DocumentCells(id("t1"), cells));
    }

    @Test
    @Tag("P-2")
    void withoutAPullThereAreNoChanges() {
        SyncAnswer answer = server.engine.sync(ADA, SPACE, new SyncRequest(ada.id, server.head(), false, ada.next()));
        assertThat(answer.changes()).isNull();
        assertThat(server.engine.sync(ADA, SPACE, new SyncRequest(ada.id, null, false, null)))
                .isEqualTo(
                        new SyncAnswer(NOW, null, null, server.engine.schema().fingerprint()));
    }

    @Test
    void aPullWithoutACursorIsToResyncAndTellsTheLastPush() {
        PushOutcome last = ada.push();
        Problem problem = problem(() -> pull(ada, null));
        assertThat(problem.code()).isEqualTo(ProblemCode.RESYNC);
        assertThat(problem.tellsLast()).isTrue();
        assertThat(problem.last()).isEqualTo(last);
    }

    @Test
    @Tag("P-3")
    void anUnknownCursorIsToResync() {
        assertThat(problem(() -> pull(ada, "gone")).code()).isEqualTo(ProblemCode.RESYNC);
        assertThat(problem(() -> server.engine.changes(ADA, SPACE, "gone")).code())
                .isEqualTo(ProblemCode.RESYNC);
    }

    @Test
    void aCursorThatIsNoneIsMalformed() {
        assertThat(problem(() -> server.engine.changes(ADA, SPACE, "a b")).code())
                .isEqualTo(ProblemCode.MALFORMED);
    }

    @Test
    void aReplicaOfSomebodyElseMayNotEvenAskWhatItPushedLast() {
        ada.push();
        Pusher thief = new Pusher(server, BOB, ada.id.bits());
        assertThat(problem(() -> pull(thief, null)).code()).isEqualTo(ProblemCode.REPLICA_BOUND);
    }
}
