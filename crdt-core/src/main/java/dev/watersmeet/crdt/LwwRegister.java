package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A last-writer-wins register that stands alone: one value, of which the latest assignment stands.
 *
 * <p>The semantics are those of a register inside a document (M-14): merging is the maximum by stamp. The clock observes what is merged, so an assignment wins over everything that its writer
 * had seen, however wrong the writer's clock is. Shapiro, Preguiça, Baquero and Zawirski, "A comprehensive study of Convergent and Commutative Replicated Data Types" (2011). Mutable and not
 * thread-safe.
 *
 * @param <V> the values
 */
public final class LwwRegister<V> implements Replicated<Assignment<V>> {
    private final HybridLogicalClock clock;
    private Assignment<V> latest = Assignment.none();

    private LwwRegister(HybridLogicalClock clock) {
        this.clock = requireNonNull(clock);
    }

    /** A register of the clock's replica that holds nothing. */
    public static <V> LwwRegister<V> of(HybridLogicalClock clock) {
        return new LwwRegister<>(clock);
    }

    /** A register that begins with a snapshot: one that was stored, or that of another replica. */
    public static <V> LwwRegister<V> of(HybridLogicalClock clock, Assignment<V> snapshot) {
        LwwRegister<V> register = new LwwRegister<>(clock);
        register.merge(snapshot);
        return register;
    }

    /** Assigns a value. */
    public Assignment<V> set(V value) {
        latest = new Assignment<>(clock.tick(), requireNonNull(value));
        return latest;
    }

    /** Takes the value away; that is an assignment, too, and the latest stands. */
    public Assignment<V> clear() {
        latest = new Assignment<>(clock.tick(), null);
        return latest;
    }

    /** The value; empty if nothing was assigned, or if the value was taken away. */
    public Optional<V> value() {
        return Optional.ofNullable(latest.value());
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if one stamp names two values; then nothing is merged
     */
    @Override
    public boolean merge(Assignment<V> delta) {
        Assignment<V> before = latest;
        latest = before.join(delta);
        clock.observe(delta.stamp());
        return !latest.equals(before);
    }

    /** Merges what another replica has, as if it were its {@link #snapshot()}. */
    public boolean merge(LwwRegister<V> other) {
        return merge(other.latest);
    }

    @Override
    public Assignment<V> snapshot() {
        return latest;
    }

    /** The value as text, empty if there is none. */
    @Override
    public String toString() {
        return value().map(Object::toString).orElse("");
    }
}
