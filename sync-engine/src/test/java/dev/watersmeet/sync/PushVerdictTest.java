package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.ADA;
import static dev.watersmeet.sync.ServerUnderTest.NOW;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static dev.watersmeet.sync.ServerUnderTest.edit;
import static dev.watersmeet.sync.ServerUnderTest.id;
import static dev.watersmeet.sync.ServerUnderTest.pushed;
import static dev.watersmeet.sync.ServerUnderTest.stamp;
import static dev.watersmeet.sync.ServerUnderTest.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Verdicts on the documents of a push (P-7 to P-9). */
class PushVerdictTest {
    private static final long BOUND = NOW + 60_000;
    private static final ReplicaId OTHER = new ReplicaId(99);

    private final ServerUnderTest server = new ServerUnderTest(SyncEngine.Builder::onlyDeclaredCollections);
    private final Pusher ada = new Pusher(server, ADA, 1);
    private final Stamp now = stamp(NOW, ada.id);

    /** Pushes a document between two good ones: they are accepted, whatever becomes of it. */
    private List<Rejection> verdict(PushedDocument document) {
        PushOutcome outcome = ada.push(
                pushed("before", edit(now, "title", "good")), document, pushed("after", edit(now, "title", "good")));
        assertThat(server.documents().get("before")).isPresent();
        assertThat(server.documents().get("after")).isPresent();
        return outcome.rejected();
    }

    private void assertAccepted(PushedDocument document) {
        assertThat(verdict(document)).isEmpty();
        assertThat(server.stored(document.id()))
                .isEqualTo(((PushedDocument.Readable) document).document().cells());
    }

    private void assertRejected(PushedDocument document, RejectionCode code) {
        DocumentState before = server.stored(document.id());
        assertThat(verdict(document)).singleElement().satisfies(rejection -> {
            assertThat(rejection.id()).isEqualTo(document.id());
            assertThat(rejection.code()).isEqualTo(code);
            assertThat(rejection.detail()).isNotBlank();
        });
        assertThat(server.stored(document.id())).isEqualTo(before);
    }

    /** An edit with one more cell. */
    private PushedDocument with(Path path, Cell cell) {
        Map<Path, Cell> cells = new HashMap<>(edit(now, "title", "x").cells());
        cells.put(path, cell);
        return pushed("d", DocumentState.of(cells));
    }

    @Nested
    class Origin {
        @Test
        @Tag("P-8")
        void aLiveCellWithAForeignStampIsRefused() {
            assertRejected(
                    with(Path.register("p"), Cell.live(stamp(NOW, OTHER), Value.of(1))), RejectionCode.FOREIGN_STAMP);
        }

        @Test
        @Tag("P-8")
        void aLiveCellAtAForeignPathIsRefused() {
            assertRejected(with(Path.existence(OTHER), Cell.live(now)), RejectionCode.FOREIGN_PATH);
            assertRejected(
                    with(Path.element("tags", Value.of("a"), OTHER), Cell.live(now)), RejectionCode.FOREIGN_PATH);
            assertRejected(
                    with(Path.counter("votes", new Stamp(1, OTHER)), Cell.live(now, Value.of(1))),
                    RejectionCode.FOREIGN_PATH);
        }

        @Test
        void theExistenceOfAnotherReplicaIsRefused() {
            assertRejected(with(Path.existence(OTHER), Cell.live(stamp(NOW, OTHER))), RejectionCode.FOREIGN_STAMP);
        }

        @Test
        @Tag("P-8")
        void removedCellsMayCarryForeignStampsAtForeignPaths() {
            Stamp foreign = stamp(NOW - 5, OTHER);
            assertAccepted(pushed(
                    "d",
                    DocumentState.of(Map.of(
                            Path.existence(ada.id), Cell.live(now),
                            Path.element("tags", Value.of("a"), OTHER), Cell.removed(foreign),
                            Path.deletion(OTHER), Cell.removed(foreign),
                            Path.counterBase("votes", new Stamp(1, OTHER)), new Cell(foreign, true, Value.of(3))))));
        }

        @Test
        void aDeletionNeedsNoExistence() {
            assertAccepted(
                    pushed("d", DocumentState.of(Map.of(Path.deletion(OTHER), Cell.removed(stamp(NOW, OTHER))))));
        }
    }

    @Nested
    class Drift {
        @Test
        @Tag("P-8")
        void aStampAtTheBoundIsAccepted() {
            assertAccepted(pushed("d", edit(Stamp.of(BOUND, Stamp.MAX_COUNTER, ada.id), "title", "x")));
        }

        @Test
        @Tag("P-8")
        void aStampOneMillisecondAboveTheBoundIsRefused() {
            assertRejected(pushed("d", edit(stamp(BOUND + 1, ada.id), "title", "x")), RejectionCode.STAMP_FROM_FUTURE);
        }

        @Test
        void aRemovalFromTheFutureIsRefused() {
            assertRejected(
                    with(Path.deletion(OTHER), Cell.removed(stamp(BOUND + 1, OTHER))), RejectionCode.STAMP_FROM_FUTURE);
            assertRejected(
                    whole("d", DocumentState.of(Map.of(Path.DELETION_BY_ANY, Cell.removed(stamp(BOUND + 1, OTHER))))),
                    RejectionCode.STAMP_FROM_FUTURE);
        }

        @Test
        void theGreatestStampOfAllIsRefused() {
            assertRejected(pushed("d", edit(new Stamp(-1L, ada.id), "title", "x")), RejectionCode.STAMP_FROM_FUTURE);
        }

        @Test
        void aStampOfLongAgoIsAccepted() {
            assertAccepted(pushed("d", edit(stamp(1, ada.id), "title", "x")));
        }

        @Test
        void theBoundMovesWithTheServersClock() {
            server.millis.addAndGet(1);
            assertAccepted(pushed("d", edit(stamp(BOUND + 1, ada.id), "title", "x")));
        }

        @Test
        void theBoundCanBeSet() {
            ServerUnderTest strict = new ServerUnderTest(builder -> builder.drift(Duration.ZERO));
            Pusher pusher = new Pusher(strict, ADA, 1);
            assertThat(pusher.push(pushed("d", edit(now, "title", "x"))).rejected())
                    .isEmpty();
            assertThat(pusher.push(pushed("d", edit(stamp(NOW + 1, pusher.id), "title", "x")))
                            .rejected())
                    .hasSize(1);
        }
    }

    @Nested
    class Clock {
        private Stamp stampOfTheServersNextEdit() {
            server.documents().put("server", Map.of("title", "mine"));
            return server.stored(id("server")).get(Path.register("title")).stamp();
        }

        @Test
        void followsStampsThatAreAccepted() {
            ada.push(pushed("d", edit(stamp(BOUND, ada.id), "title", "x")));
            assertThat(stampOfTheServersNextEdit()).isGreaterThan(stamp(BOUND, ada.id));
        }

        @Test
        @Tag("P-7")
        void doesNotFollowStampsOfDocumentsThatAreRefused() {
            Map<Path, Cell> cells =
                    new HashMap<>(edit(stamp(BOUND, ada.id), "title", "x").cells());
            cells.put(Path.register("p"), Cell.live(stamp(NOW, OTHER), Value.of(1)));
            PushOutcome outcome = ada.push(
                    pushed("d", DocumentState.of(cells)), pushed("e", edit(stamp(BOUND + 1, ada.id), "title", "x")));
            assertThat(outcome.rejected()).hasSize(2);
            assertThat(stampOfTheServersNextEdit().millis()).isEqualTo(NOW);
        }
    }

    @Nested
    class Form {
        @Test
        void liveCellsWithoutTheExistenceOfTheirWriterAreRefused() {
            assertRejected(
                    pushed("d", DocumentState.of(Map.of(Path.register("p"), Cell.live(now, Value.of(1))))),
                    RejectionCode.MALFORMED);
        }

        @Test
        void anExistenceThatIsOlderThanALiveCellIsRefused() {
            assertRejected(
                    with(Path.register("p"), Cell.live(stamp(NOW + 1, ada.id), Value.of(1))), RejectionCode.MALFORMED);
        }

        @Test
        void anUnknownCollectionIsRefused() {
            DocumentCells document = new DocumentCells(DocumentId.of("secrets", "d"), edit(now, "title", "x"));
            assertRejected(new PushedDocument.Readable(document, false), RejectionCode.UNKNOWN_COLLECTION);
            assertRejected(new PushedDocument.Readable(document, true), RejectionCode.UNKNOWN_COLLECTION);
        }

        @Test
        @Tag("P-7")
        void anUnreadableDocumentIsRefusedAsWhatItsReaderSaid() {
            assertRejected(
                    new PushedDocument.Unreadable(id("d"), RejectionCode.MALFORMED, "at /x: no"),
                    RejectionCode.MALFORMED);
            assertRejected(
                    new PushedDocument.Unreadable(id("d"), RejectionCode.TOO_LARGE, "too many"),
                    RejectionCode.TOO_LARGE);
        }

        @Test
        void aDocumentWithoutCellsIsAcceptedAndLeavesNoTrace() {
            assertThat(verdict(pushed("d", DocumentState.empty()))).isEmpty();
            assertThat(server.store.count(SPACE)).isEqualTo(2);
        }
    }

    @Nested
    class Whole {
        private final DocumentState foreign = edit(stamp(NOW - 9, OTHER), "title", "theirs");

        @Test
        @Tag("P-9")
        void aReuploadMayHoldLiveCellsOfOthers() {
            assertAccepted(whole("d", foreign));
        }

        @Test
        void aReuploadFromTheFutureIsRefused() {
            assertRejected(
                    whole("d", edit(stamp(BOUND + 1, OTHER), "title", "theirs")), RejectionCode.STAMP_FROM_FUTURE);
        }
    }

    @Test
    void aPushWhoseDocumentsAreAllRefusedIsAcceptedAsAPush() {
        PushOutcome outcome = ada.push(pushed("d", edit(stamp(NOW, OTHER), "title", "x")));
        assertThat(outcome.rejected()).hasSize(1);
        assertThat(ada.push().number()).isEqualTo(2);
    }

    @Test
    void aRejectedDocumentMayBeCorrectedInTheNextPush() {
        ada.push(pushed("d", edit(stamp(BOUND + 1, ada.id), "title", "x")));
        assertThat(ada.push(pushed("d", edit(now, "title", "x"))).rejected()).isEmpty();
    }
}
