package dev.watersmeet.crdt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import net.jqwik.api.Arbitrary;

/**
 * A history of one document that some replicas write, with clocks that disagree, and of which they hear late, never, twice or in another order.
 *
 * <p>What happens is given by {@link Step}s. Every event is kept, for the {@link Textbook} and to be delivered at the end.
 */
final class History {
    static final int MAX_PEERS = 4;
    static final String SET = "tags";
    static final String COUNTER = "votes";
    static final String MULTI = "state";
    static final String MAP = "place";
    static final String FLAG = "done";
    static final String LOCAL = "draft";
    static final CollectionSchema SCHEMA = CollectionSchema.of(Map.of(
                    SET,
                    FieldType.SET,
                    COUNTER,
                    FieldType.COUNTER,
                    MULTI,
                    FieldType.MULTI,
                    MAP,
                    FieldType.MAP,
                    FLAG,
                    FieldType.FLAG))
            .withLocal(LOCAL);

    private static final long START = 1_700_000_000_000L;

    /** Which events a replica may be handed. */
    enum Order {
        /** Those whose context it has seen. */
        CAUSAL,
        /** Those whose writer's earlier events it has seen: what the model assumes for some guarantees. */
        PER_WRITER,
        /** Any: what plain convergence has to stand. */
        NONE
    }

    final List<Event> events = new ArrayList<>();
    final List<Peer> peers = new ArrayList<>();
    private final Order order;
    private long millis = START;

    private History(Order order, CollectionSchema schema) {
        this.order = order;
        for (int i = 0; i < MAX_PEERS; i++) {
            long ahead = i * 3L;
            peers.add(new Peer(new ReplicaId(i % 2 == 0 ? i + 1 : -i), schema, () -> millis / 2 + ahead));
        }
    }

    static Arbitrary<List<Step>> steps() {
        return Step.any().list().ofMaxSize(40);
    }

    /** Runs a history, and calls back after each step. */
    static History run(List<Step> steps, Order order, CollectionSchema schema, Consumer<History> check) {
        History history = new History(order, schema);
        for (Step step : steps) {
            history.take(step);
            check.accept(history);
        }
        return history;
    }

    static History run(List<Step> steps, Order order) {
        return run(steps, order, SCHEMA, history -> {});
    }

    private void take(Step step) {
        millis++;
        if (step instanceof Step.Write write) {
            Peer peer = peers.get(write.peer());
            new Writer(peer, write).event(events.size()).ifPresent(event -> {
                events.add(event);
                peer.receive(event);
            });
        } else if (step instanceof Step.Open open) {
            Peer peer = peers.get(open.peer());
            peer.form = peer.record().orElse(null);
        } else if (step instanceof Step.Deliver deliver) {
            Peer peer = peers.get(deliver.peer());
            pick(peer, deliver.pick()).ifPresent(peer::receive);
        } else if (step instanceof Step.Merge merge) {
            peers.get(merge.peer()).receiveAll(peers.get(merge.other()));
        }
    }

    /** One of the events that a replica may be handed now: one that it has seen already, too. */
    private Optional<Event> pick(Peer peer, int pick) {
        List<Event> ready =
                events.stream().filter(event -> ready(peer.seen, event)).toList();
        return ready.isEmpty() ? Optional.empty() : Optional.of(ready.get(ready.size() - 1 - pick % ready.size()));
    }

    private boolean ready(Set<Integer> seen, Event event) {
        return switch (order) {
            case CAUSAL -> seen.containsAll(event.context());
            case PER_WRITER ->
                event.context().stream()
                        .filter(number -> events.get(number).writer().equals(event.writer()))
                        .allMatch(seen::contains);
            case NONE -> true;
        };
    }

    /** Delivers to everybody every cell of every event, each by itself, in an order of its own, and some of them twice. */
    void deliverAll(Random random) {
        for (Peer peer : peers) {
            List<DocumentState> parts = new ArrayList<>();
            events.forEach(event -> event.delta().forEach((path, cell) -> {
                parts.add(DocumentState.of(Map.of(path, cell)));
                if (random.nextInt(4) == 0) {
                    parts.add(DocumentState.of(Map.of(path, cell)));
                }
            }));
            Collections.shuffle(parts, random);
            parts.forEach(peer::join);
            events.forEach(event -> peer.seen.add(event.number()));
        }
    }

    /** The record that a replica should show by the events that it has seen. */
    Optional<Value> expected(Peer peer) {
        return new Textbook(new TreeSet<>(peer.seen).stream().map(events::get).toList()).record();
    }

    /** The history as it is shown when a property fails. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        events.forEach(event -> out.append('\n').append(event));
        return out.toString();
    }
}
