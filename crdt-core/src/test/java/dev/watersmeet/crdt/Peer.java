package dev.watersmeet.crdt;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A replica of a history: the document as it holds it, and the events that it has seen. */
final class Peer {
    final DocumentState state = DocumentState.empty();
    final Set<Integer> seen = new TreeSet<>();
    final ReplicaId id;
    final CollectionSchema schema;

    /** The record that the replica showed when it was opened in a form; null if no form is open. */
    @Nullable
    Value form;

    private final HybridLogicalClock clock;

    /** @param time what the replica's clock shows, right or wrong */
    Peer(ReplicaId id, CollectionSchema schema, TimeSource time) {
        this.id = id;
        this.schema = schema;
        this.clock = HybridLogicalClock.of(time, id);
    }

    Optional<Value> record() {
        return Records.read(state, schema);
    }

    Stamp tick() {
        return clock.tick();
    }

    void receive(Event event) {
        seen.add(event.number());
        join(event.delta());
    }

    void receiveAll(Peer other) {
        seen.addAll(other.seen);
        join(other.state);
    }

    void join(DocumentState cells) {
        cells.forEach((path, cell) -> clock.observe(cell.stamp()));
        state.join(cells);
    }
}
