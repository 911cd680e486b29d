package dev.watersmeet.crdt;

/**
 * A value that several replicas change each on its own, and that converges: a CRDT that stands alone, without a document around it.
 *
 * <p>Every change returns a <em>delta</em>, and {@link #snapshot()} is the delta of all changes so far. Deltas are immutable values of a join semilattice: joining them is commutative,
 * associative and idempotent. So they may be handed to other replicas late, twice, in any order, one by one or joined; one that is lost is made good by any snapshot that holds it. Replicas
 * that have merged the same changes are equal. See Shapiro, Preguiça, Baquero and Zawirski, "Conflict-free Replicated Data Types" (SSS 2011), and Almeida, Shoker and Baquero, "Delta State
 * Replicated Data Types" (2018).
 *
 * <p>They are the types that the fields of documents have ({@link FieldType}), for elements and values of any Java type: {@link LwwRegister}, {@link OrSet}, {@link PnCounter},
 * {@link MultiRegister}, {@link EnableWinsFlag} and {@link LwwMap}. A map inside a document is nested and merges leaf by leaf; alone that is an {@code LwwMap} whose keys are the ways to the leaves.
 *
 * <p>Each replica has a {@link HybridLogicalClock} with a replica id of its own, and may share it among its values. Merging lets the clock observe what is merged and does not bound drift: check
 * the stamps of a delta from a stranger before you merge it.
 *
 * <p>Mutable and not thread-safe. Deltas and snapshots may be shared between threads if what they hold may be. Elements, keys and values are never null; they are told apart by {@code equals}
 * and are not copied, so leave them as they are.
 *
 * @param <D> the type of its deltas and snapshots
 */
public sealed interface Replicated<D> permits EnableWinsFlag, LwwMap, LwwRegister, MultiRegister, OrSet, PnCounter {
    /**
     * Merges a delta or a snapshot: afterwards this holds the join of both.
     *
     * @return whether this has changed; false if all of it was known
     */
    boolean merge(D delta);

    /** All of the state as one delta: what brings any replica to where this one is. It does not change when this does. */
    D snapshot();
}
