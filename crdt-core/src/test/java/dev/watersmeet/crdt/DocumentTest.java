package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Cases of two layers; the laws are in {@link DocumentLayersTest}. */
class DocumentTest {
    private static final ReplicaId OWN = new ReplicaId(7);
    private static final Path VOTES = Path.counter(History.COUNTER, Stamp.of(1, 0, OWN));

    private final Document document = Document.empty();
    private long millis = 1;

    private void count(double by) {
        Map<String, Value> record = Map.of(History.COUNTER, Value.of(votes() + by));
        document.edit(Records.put(document.joined(), History.SCHEMA, Stamp.of(millis++, 0, OWN), Value.of(record)));
    }

    private double votes() {
        return document.record(History.SCHEMA)
                .map(record -> record.fields().get(History.COUNTER).number())
                .orElse(0.0);
    }

    private static DocumentState total(long millis, double total) {
        return DocumentState.of(Map.of(VOTES, Cell.live(Stamp.of(millis, 0, OWN), Value.of(total))));
    }

    @Nested
    class Counters {
        @Test
        void whatIsSentAgainIsWhatWasSent() {
            count(1);
            DocumentState sent = document.send();
            count(1);
            assertThat(document.send()).isEqualTo(sent);
        }

        @Test
        void whatWasNotAcceptedIsSentAnewWithWhatCameAfter() {
            count(1);
            document.send();
            count(2);
            document.unsend();
            assertThat(document.send().get(VOTES)).isEqualTo(Cell.live(Stamp.of(2, 0, OWN), Value.of(3)));
        }

        @Test
        void anEchoThenTheAnswerThenAnotherCount() {
            count(1);
            DocumentState sent = document.send();
            document.receive(sent);
            count(1);
            document.settle();
            assertThat(votes()).isEqualTo(2);
            assertThat(document.pending().get(VOTES)).isEqualTo(Cell.live(Stamp.of(2, 0, OWN), Value.of(1)));
        }

        @Test
        void aTotalThatACloneWroteUnderTheSameIdDoesNotSettleACount() {
            count(2);
            document.receive(total(5, 1));
            assertThat(document.pending().get(VOTES)).isEqualTo(Cell.live(Stamp.of(1, 0, OWN), Value.of(2)));
        }

        @Test
        void aDifferenceBeyondTheFiniteDoublesIsRefusedAndChangesNothing() {
            double huge = 1.5e308;
            document.receive(total(1, huge));
            document.edit(total(2, 0));
            assertThatThrownBy(() -> document.edit(total(3, -huge))).isInstanceOf(MalformedException.class);
            assertThat(document.joined().get(VOTES)).isEqualTo(Cell.live(Stamp.of(2, 0, OWN), Value.of(0)));
        }
    }

    @Nested
    class Lives {
        private final ReplicaId other = new ReplicaId(8);
        private final Path theirs = Path.counter(History.COUNTER, Stamp.of(1, 0, other));
        private final Cell five = Cell.live(Stamp.of(1, 0, other), Value.of(5));

        @Test
        @Tag("M-41")
        void whoUploadsADocumentWholeEndsTheLivesOfOthers() {
            document.receive(
                    DocumentState.of(Map.of(theirs, five, Path.existence(other), Cell.live(Stamp.of(1, 0, other)))));
            count(1);
            DocumentState whole = document.whole(OWN);
            assertThat(whole.get(theirs)).isEqualTo(five);
            assertThat(whole.get(CounterType.base(theirs)))
                    .isEqualTo(new Cell(Stamp.of(0, 0, other), true, CounterType.ZERO));
            assertThat(whole.get(CounterType.base(VOTES))).isNull();
            assertThat(Records.read(whole, History.SCHEMA)).isEqualTo(document.record(History.SCHEMA));
        }

        @Test
        @Tag("M-41")
        void aLifeThatHasABaseIsEndedAlready() {
            Cell base = new Cell(Stamp.of(1, 0, other), true, Value.of(5));
            document.receive(DocumentState.of(Map.of(theirs, five, CounterType.base(theirs), base)));
            assertThat(document.whole(OWN)).isEqualTo(document.joined());
        }

        @Test
        @Tag("M-40")
        void aTotalThatComesBackAfterItWasForgottenIsNotGoneOnWith() {
            Document forgetful =
                    Document.empty(); // has counted to 7, of which a purge dropped all, and another one has seen 5
            DocumentState back = total(2, 5);
            back.join(Path.existence(OWN), Cell.live(Stamp.of(2, 0, OWN)));
            Document uploader = Document.empty();
            uploader.receive(back);
            uploader.edit(Records.put(
                    uploader.joined(),
                    History.SCHEMA,
                    Stamp.of(4, 0, other),
                    Value.of(Map.of("title", "x", History.COUNTER, 5))));
            forgetful.receive(uploader.whole(other));
            forgetful.edit(Records.put(
                    forgetful.joined(),
                    History.SCHEMA,
                    Stamp.of(9, 0, OWN),
                    Value.of(Map.of("title", "x", History.COUNTER, 6))));
            DocumentState all = forgetful.joined();
            all.join(
                    CounterType.base(VOTES),
                    new Cell(Stamp.of(3, 0, OWN), true, Value.of(7))); // of one who had seen all 7
            assertThat(Records.read(all, History.SCHEMA).orElseThrow().fields())
                    .containsEntry(History.COUNTER, Value.of(1));
        }

        @Test
        @Tag("M-40")
        void whatIsCountedBeyondATotalThatAPurgeDropsIsCountedInAnotherLife() {
            document.receive(total(1, 5));
            document.edit(DocumentState.of(Map.of(VOTES, Cell.live(Stamp.of(4, 0, OWN), Value.of(7)))));
            document.drop(total(1, 5));
            assertThat(document.send().cells())
                    .isEqualTo(Map.of(
                            Path.counter(History.COUNTER, Stamp.of(4, 0, OWN)),
                            Cell.live(Stamp.of(4, 0, OWN), Value.of(2))));
        }

        @Test
        @Tag("M-40")
        void whatWasInFlightWhenADocumentWasWithdrawnAndIsRefusedIsCountedInAnotherLife() {
            document.receive(total(1, 5));
            document.edit(DocumentState.of(Map.of(VOTES, Cell.live(Stamp.of(4, 0, OWN), Value.of(7)))));
            document.send();
            document.replaceDelivered(DocumentState.empty());
            document.unsendForgotten();
            assertThat(document.send().cells())
                    .isEqualTo(Map.of(
                            Path.counter(History.COUNTER, Stamp.of(4, 0, OWN)),
                            Cell.live(Stamp.of(4, 0, OWN), Value.of(2))));
        }

        @Test
        @Tag("M-40")
        void whatIsInFlightStaysInItsLifeWhateverASnapshotLacks() {
            document.receive(total(1, 5));
            count(2);
            DocumentState sent = document.send();
            document.replaceDelivered(DocumentState.empty());
            assertThat(document.send()).isEqualTo(sent);
            document.settle();
            assertThat(document.delivered().get(VOTES)).isEqualTo(sent.get(VOTES));
            assertThat(document.isPending()).isFalse();
        }
    }

    @Test
    void aRejectionHandsBackWhatIsDropped() {
        count(1);
        document.send();
        count(1);
        DocumentState dropped = document.reject();
        assertThat(dropped.get(VOTES)).isEqualTo(Cell.live(Stamp.of(2, 0, OWN), Value.of(2)));
        assertThat(document.isPending()).isFalse();
        assertThat(document.record(History.SCHEMA)).isEmpty();
        assertThat(document.send()).isEqualTo(DocumentState.empty());
    }

    @Test
    void statesThatAreHandedOutChangeOnTheirOwn() {
        count(1);
        document.joined().join(Path.existence(OWN), Cell.live(Stamp.of(9, 0, OWN)));
        document.send().join(Path.existence(OWN), Cell.live(Stamp.of(9, 0, OWN)));
        assertThat(document.joined().get(Path.existence(OWN))).isEqualTo(Cell.live(Stamp.of(1, 0, OWN)));
        assertThatThrownBy(() -> document.pending().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
