package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;

/** The two layers of a document show what one layer would show, whatever is in flight, echoed, lost, refused or read anew. */
class DocumentLayersTest {
    /** What happens next between a client, the server, and somebody else who writes there. */
    enum Act {
        EDIT,
        SEND,
        ARRIVE,
        SETTLE,
        RECEIVE,
        EDIT_ELSEWHERE,
        RESYNC,
        UNSEND,
        REJECT
    }

    record Move(Act act, Step.Change change) {}

    @Property(tries = 3000, edgeCases = EdgeCasesMode.NONE)
    void theRecordIsThatOfThePlainJoinOfAllCells(@ForAll("moves") List<Move> moves) {
        Exchange exchange = new Exchange();
        for (Move move : moves) {
            exchange.take(move);
            assertThat(exchange.client.joined()).as("after %s", move).isEqualTo(exchange.plain);
        }
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void whatIsPendingCanBeSentAndThenBothHoldTheSame(@ForAll("moves") List<Move> moves) {
        Exchange exchange = new Exchange();
        moves.forEach(exchange::take);
        exchange.settleAll();
        assertThat(exchange.client.isPending()).isFalse();
        assertThat(exchange.client.joined()).isEqualTo(exchange.server);
        assertThat(exchange.client.delivered()).isEqualTo(exchange.server.cells());
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void nothingIsCountedTwiceOrNotAtAll(@ForAll("counts") List<Move> moves) {
        Exchange exchange = new Exchange();
        moves.forEach(exchange::take);
        exchange.settleAll();
        double shown = Records.read(exchange.server, History.SCHEMA)
                .map(record -> record.fields().get(History.COUNTER).number())
                .orElse(0.0);
        assertThat(shown).isEqualTo(exchange.counted);
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    @Tag("P-28")
    void pendingEditsGoOverToAnotherReplicaAndTheRecordStays(@ForAll("moves") List<Move> moves) {
        Exchange exchange = new Exchange();
        moves.forEach(exchange::take);
        Document client = exchange.landed();
        Optional<Value> before = client.record(History.SCHEMA);
        ReplicaId next = new ReplicaId(8);
        Stamp accepted = exchange.accepted();
        client.restamp(Restamping.to(exchange.own, next, accepted));
        assertThat(client.record(History.SCHEMA)).isEqualTo(before);
        assertThat(client.pendingStamps(exchange.own, accepted)).isEmpty();
        client.pending().forEach((path, cell) -> {
            boolean own = !path.hasReplica() || path.replica().equals(next);
            assertThat(cell.removed() || (own && cell.stamp().replica().equals(next)))
                    .as("%s %s", path, cell)
                    .isTrue();
        });
        exchange.deliver();
        assertThat(client.isPending()).isFalse();
        assertThat(Records.read(exchange.server, History.SCHEMA)).isEqualTo(before);
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    @Tag("P-28")
    void noCountIsLostOrDoubledOnTheWayToAnotherReplica(@ForAll("counts") List<Move> moves) {
        Exchange exchange = new Exchange();
        moves.forEach(exchange::take);
        Document client = exchange.landed();
        client.restamp(Restamping.to(exchange.own, new ReplicaId(8), exchange.accepted()));
        exchange.deliver();
        double shown = Records.read(exchange.server, History.SCHEMA)
                .map(record -> record.fields().get(History.COUNTER).number())
                .orElse(0.0);
        assertThat(shown).isEqualTo(exchange.counted + exchange.pendingCounts);
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    @Tag("P-28")
    void stampsFromTheFutureAreTakenBackInTheirOrder(@ForAll("moves") List<Move> moves) {
        Exchange exchange = new Exchange();
        exchange.edit(exchange.other, exchange.server, new Step.Change(Step.Act.COUNT, 20))
                .ifPresent(exchange.server::join);
        exchange.take(new Move(Act.RECEIVE, new Step.Change(Step.Act.PUT_AS_IT_IS, 0)));
        Document client = exchange.client;
        Stamp seen = new Stamp(1000L << 16, exchange.own);
        exchange.millis = 1_000_000;
        moves.stream().filter(move -> move.act() == Act.EDIT).forEach(exchange::take);
        Optional<Value> before = client.record(History.SCHEMA);
        HybridLogicalClock clock = HybridLogicalClock.resume(() -> 2000, exchange.own, seen);
        Set<Stamp> future = client.pendingStamps(exchange.own, seen);
        client.restamp(Restamping.anew(exchange.own, seen, future, clock::tick));
        assertThat(client.record(History.SCHEMA)).isEqualTo(before);
        assertThat(client.pendingStamps(exchange.own, seen)).allMatch(stamp -> stamp.millis() <= 2000);
        exchange.deliver();
        assertThat(Records.read(exchange.server, History.SCHEMA)).isEqualTo(before);
    }

    @Example
    @Tag("P-28")
    void lifeOfACounterIsTakenBackWithTheEditThatBeganIt() {
        Document client = Document.empty();
        ReplicaId own = new ReplicaId(7);
        Stamp begun = new Stamp(1_000_000L << 16, own);
        DocumentState counts = DocumentState.empty();
        counts.join(Path.counter("votes", begun), Cell.live(new Stamp(2_000_000L << 16, own), Value.of(3)));
        client.edit(counts);
        Stamp seen = new Stamp(0, own);
        HybridLogicalClock clock = HybridLogicalClock.of(() -> 1000, own);
        client.restamp(Restamping.anew(own, seen, client.pendingStamps(own, seen), clock::tick));
        assertThat(client.pending()).hasSize(1).allSatisfy((path, cell) -> {
            assertThat(path.life().millis()).isEqualTo(1000);
            assertThat(cell.stamp().isAfter(path.life())).isTrue();
        });
    }

    @Example
    @Tag("P-28")
    void whatATwinHasWrittenUnderTheSameIdSettlesNothingAndStays() {
        ReplicaId own = new ReplicaId(7);
        CollectionSchema schema = History.SCHEMA;
        Document one = Document.empty();
        one.edit(Records.put(one.joined(), schema, new Stamp(1L << 16, own), record(10)));
        DocumentState server = one.send();
        one.settle();
        Document two = Document.empty();
        two.receive(server);
        one.edit(Records.put(one.joined(), schema, new Stamp(2L << 16, own), record(12)));
        two.edit(Records.put(two.joined(), schema, new Stamp(3L << 16, own), record(15)));
        server.join(two.send());
        two.settle();
        one.receive(server);
        assertThat(one.isPending()).isTrue();
        one.restamp(Restamping.to(own, new ReplicaId(8), new Stamp(1L << 16, own)));
        server.join(one.send());
        Value read = Records.read(server, schema).orElseThrow();
        assertThat(read.fields()).containsEntry(History.COUNTER, Value.of(17));
    }

    private static Value record(int count) {
        return Value.record(Map.of(History.COUNTER, Value.of(count)));
    }

    @Provide
    Arbitrary<List<Move>> moves() {
        return moves(Arbitraries.of(Step.Act.class));
    }

    @Provide
    Arbitrary<List<Move>> counts() {
        return moves(Arbitraries.of(Step.Act.COUNT));
    }

    private static Arbitrary<List<Move>> moves(Arbitrary<Step.Act> changes) {
        Arbitrary<Act> acts = Arbitraries.frequency(
                Tuple.of(6, Act.EDIT),
                Tuple.of(4, Act.SEND),
                Tuple.of(4, Act.ARRIVE),
                Tuple.of(3, Act.SETTLE),
                Tuple.of(4, Act.RECEIVE),
                Tuple.of(3, Act.EDIT_ELSEWHERE),
                Tuple.of(1, Act.RESYNC),
                Tuple.of(1, Act.UNSEND),
                Tuple.of(1, Act.REJECT));
        Arbitrary<Step.Change> change = Combinators.combine(
                        changes, Arbitraries.integers().between(0, 30))
                .as(Step.Change::new);
        return Combinators.combine(acts, change).as(Move::new).list().ofMaxSize(40);
    }

    /** A client and a server, and what the client would hold had it one layer. */
    private static final class Exchange {
        final Document client = Document.empty();
        final DocumentState server = DocumentState.empty();
        DocumentState plain = DocumentState.empty();
        double counted;

        private final ReplicaId own = new ReplicaId(7);
        private final ReplicaId other = new ReplicaId(-7);
        private DocumentState known = DocumentState.empty();
        private double pendingCounts; // made, and not on the server
        private double sentCounts; // of these, sent
        private boolean inFlight;
        private boolean arrived;
        private long millis = 1;

        void take(Move move) {
            millis++;
            switch (move.act()) {
                case EDIT ->
                    edit(own, client.joined(), move.change()).ifPresent(cells -> {
                        client.edit(cells);
                        plain.join(cells);
                        pendingCounts += count(move.change());
                    });
                case EDIT_ELSEWHERE ->
                    edit(other, server, move.change()).ifPresent(cells -> {
                        server.join(cells);
                        counted += count(move.change());
                    });
                case SEND -> {
                    if (!inFlight && !client.send().isEmpty()) {
                        inFlight = true;
                        sentCounts = pendingCounts;
                    }
                }
                case ARRIVE -> {
                    if (inFlight) {
                        server.join(client.send());
                        arrived = true;
                        counted += sentCounts;
                        pendingCounts -= sentCounts;
                        sentCounts = 0;
                    }
                }
                case SETTLE -> {
                    if (arrived) {
                        known.join(client.send());
                        client.settle();
                        answered();
                    }
                }
                case RECEIVE -> {
                    client.receive(server.copy());
                    known.join(server);
                    plain.join(server);
                }
                case RESYNC -> {
                    client.replaceDelivered(server.copy());
                    known = server.copy();
                    plain.join(server);
                }
                case UNSEND -> {
                    if (!arrived) {
                        client.unsend();
                        answered();
                    }
                }
                case REJECT -> {
                    if (!arrived) {
                        client.reject();
                        answered();
                        plain = known.copy();
                        pendingCounts = 0;
                    }
                }
            }
        }

        private void answered() {
            inFlight = false;
            arrived = false;
            sentCounts = 0;
        }

        /** The client when what was in flight has landed, or never will. */
        Document landed() {
            Step.Change none = new Step.Change(Step.Act.PUT_AS_IT_IS, 0);
            take(new Move(Act.UNSEND, none));
            take(new Move(Act.SETTLE, none));
            take(new Move(Act.RECEIVE, none));
            client.forgetAbandoned();
            return client;
        }

        /** The greatest stamp of the client's own on the server. */
        Stamp accepted() {
            return server.cells().values().stream()
                    .map(Cell::stamp)
                    .filter(stamp -> stamp.replica().equals(own))
                    .max(Stamp::compareTo)
                    .orElse(new Stamp(0, own));
        }

        /** What is pending arrives and is settled. */
        void deliver() {
            server.join(client.send());
            client.settle();
        }

        void settleAll() {
            Step.Change none = new Step.Change(Step.Act.PUT_AS_IT_IS, 0);
            for (Act act : List.of(Act.ARRIVE, Act.SETTLE, Act.SEND, Act.ARRIVE, Act.SETTLE, Act.RECEIVE)) {
                take(new Move(act, none));
            }
        }

        private Optional<DocumentState> edit(ReplicaId writer, DocumentState stands, Step.Change change) {
            Peer peer = new Peer(writer, History.SCHEMA, () -> millis);
            peer.join(stands);
            return new Writer(peer, new Step.Write(0, change, false)).event(0).map(Event::delta);
        }

        private static double count(Step.Change change) {
            return change.act() == Step.Act.COUNT ? change.choice() - 12 : 0;
        }
    }
}
