package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.store.Batch;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All that happened in a run, by whom it was seen, and what became of it: what the {@link Oracle} is asked with. */
final class History {
    /** The drift bound, and how far the clocks of servers may be ahead. */
    private static final long FUTURE_MILLIS = 60_000 + 60_000;

    final List<Happening> happenings = new ArrayList<>();
    final List<String> faults = new ArrayList<>();
    private final Map<String, List<Happening>> carried = new HashMap<>();
    private final Map<String, ReplicaId> senders = new HashMap<>();
    private final Map<String, Integer> cursors = new HashMap<>();
    private final Map<Stamp, Happening> stamped = new HashMap<>();
    private final List<Purge> purges = new ArrayList<>();
    private final Schedule schedule;
    private int writes;
    private boolean restored;

    /** Documents that are gone as a whole, after so many writes. */
    private record Purge(int after, Set<DocumentId> gone) {}

    /** Whether clocks are off, drift and jump. */
    final boolean wrongClocks;

    History(Schedule schedule, boolean wrongClocks) {
        this.schedule = schedule;
        this.wrongClocks = wrongClocks;
    }

    /** How many writes the store has applied. */
    int writes() {
        return writes;
    }

    /** What of a document was seen, if it is all up to a write and what is somebody's own. */
    List<Happening> seen(DocumentId document, int upTo, Predicate<Happening> own) {
        return happenings.stream()
                .filter(happening -> happening.document.equals(document))
                .filter(happening -> !happening.withdrawn)
                .filter(happening -> happening.accepted <= upTo
                        || (happening.acceptedBefore <= upTo && upTo <= happening.lostAt)
                        || own.test(happening))
                .toList();
    }

    static BitSet numbers(Collection<Happening> happenings) {
        BitSet numbers = new BitSet();
        happenings.forEach(happening -> numbers.set(happening.number));
        return numbers;
    }

    /** Takes note of what somebody did who had seen something. Null if that was nothing. */
    @Nullable
    Happening happened(String writer, Plan plan, List<Happening> seen, boolean existed, List<Effect> effects) {
        if (effects.isEmpty()) {
            return null;
        }
        List<Effect> all =
                existed ? uncovering(plan.document(), seen, effects) : clearing(plan.document(), seen, effects);
        Happening happening = new Happening(happenings.size(), writer, plan.document(), numbers(seen), all);
        seen.stream().filter(other -> other.lost).forEach(other -> happening.unsure.set(other.number));
        happenings.add(happening);
        return happening;
    }

    /** What a put on a dead document does, too: it takes away all that is hidden and not put. */
    private static List<Effect> clearing(DocumentId document, List<Happening> seen, List<Effect> effects) {
        boolean unsure = isUnsure(seen);
        List<Effect> all = new ArrayList<>(effects);
        for (String place : Model.REGISTERS) {
            if (effects.stream()
                    .noneMatch(effect -> effect.type() == Effect.Type.ASSIGN
                            && effect.place().equals(place))) {
                all.addAll(emptying(place, document, seen));
            }
        }
        Model.SETS.forEach(place -> all.add(new Effect(Effect.Type.REMOVE, place, null, unsure)));
        all.add(new Effect(Effect.Type.RESET, Model.COUNTER, null, unsure));
        return all;
    }

    /** What an edit of an object does, too: it takes away what the object hides. */
    private static List<Effect> uncovering(DocumentId document, List<Happening> seen, List<Effect> effects) {
        List<Effect> all = new ArrayList<>();
        for (Effect effect : effects) {
            boolean uncovers = effect.type() == Effect.Type.UNCOVER;
            all.addAll(uncovers ? emptying(effect.place(), document, seen) : List.of(effect));
        }
        return all;
    }

    /** A place is emptied that may hold something: nothing, where it does not. */
    private static List<Effect> emptying(String place, DocumentId document, List<Happening> seen) {
        Set<Optional<Value>> values = new Oracle(Model.byLatestWriter(document), seen).values(place);
        if (values.stream().noneMatch(Optional::isPresent)) {
            return List.of();
        }
        Effect emptied = Effect.assign(place, null);
        return List.of(isUnsure(seen) || values.contains(Optional.empty()) ? emptied.weakened() : emptied);
    }

    private static boolean isUnsure(List<Happening> seen) {
        return seen.stream().anyMatch(happening -> happening.lost || happening.forgotten);
    }

    // Pushes

    /**
     * A push is sent, maybe again.
     *
     * @param own what its sender has done
     * @param owed what its sender gives back
     * @param replaced what its sender had read before a snapshot
     * @return what it carries
     */
    List<Happening> sent(
            Push push, ReplicaId replica, List<Happening> own, Set<Happening> owed, Set<Happening> replaced) {
        senders.putIfAbsent(push.nonce(), replica);
        return carried.computeIfAbsent(push.nonce(), nonce -> {
            List<Happening> carries = new ArrayList<>();
            for (PushedDocument document : push.documents()) {
                List<Happening> ofDocument = own.stream()
                        .filter(happening -> happening.document.equals(document.id()))
                        .filter(happening -> happening.accepted == Happening.NEVER)
                        .filter(happening -> !happening.withdrawn)
                        .toList();
                carries.addAll(ofDocument);
                boolean whole = ((PushedDocument.Readable) document).whole();
                owed.stream() // what its sender does not know to be accepted is pending still
                        .filter(happening -> happening.document.equals(document.id()))
                        .filter(happening -> whole || own.contains(happening))
                        .forEach(carries::add);
                replaced.stream()
                        .filter(happening -> whole && happening.document.equals(document.id()))
                        .forEach(carries::add);
                stamp(
                        ofDocument,
                        replica,
                        ((PushedDocument.Readable) document).document().cells(),
                        whole);
            }
            return carries;
        });
    }

    /** What was accepted under an id. */
    List<Happening> acceptedOf(ReplicaId replica) {
        return happenings.stream()
                .filter(happening -> replica.equals(senders.get(happening.acceptedBy)))
                .toList();
    }

    private void stamp(List<Happening> carries, ReplicaId replica, DocumentState cells, boolean whole) {
        Path deletion = Path.DELETION_BY_ANY;
        Path existence = Path.existence(replica);
        for (Happening happening : carries) { // the last one that writes a cell is the one that wrote it
            Cell cell = cells.get(happening.isDeletion() ? deletion : existence);
            if (cell != null && isStamp(cell, happening, replica, whole)) {
                carries.forEach(
                        other -> other.stamp = other.isDeletion() == happening.isDeletion() ? null : other.stamp);
                happening.stamp = cell.stamp();
            }
            for (Effect effect : happening.effects) {
                Cell assigned = effect.type() == Effect.Type.ASSIGN ? cells.get(Model.path(effect.place())) : null;
                if (assigned != null && isStamp(assigned, happening, replica, whole)) {
                    carries.forEach(other -> other.stamps.remove(effect.place()));
                    // Who may have had nothing to empty may not have written it.
                    if (!effect.weak() || assigned.stamp().equals(happening.stamp)) {
                        happening.stamps.put(effect.place(), assigned.stamp());
                    }
                }
            }
        }
    }

    /** Whether a cell may be what a happening wrote: a document that is uploaded whole has earlier ones, too. */
    private boolean isStamp(Cell cell, Happening happening, ReplicaId replica, boolean whole) {
        Happening known = whole ? stamped.get(cell.stamp()) : null;
        return cell.stamp().replica().equals(replica) && (known == null || known == happening);
    }

    /**
     * What the server said of a push.
     *
     * @return the documents that it accepted something of
     */
    Set<DocumentId> answered(PushOutcome outcome) {
        Set<DocumentId> rejected = new HashSet<>();
        outcome.rejected().stream().map(Rejection::id).forEach(rejected::add);
        Set<DocumentId> accepted = new HashSet<>();
        for (Happening happening : carried.getOrDefault(outcome.nonce(), List.of())) {
            if (!rejected.contains(happening.document)) {
                happening.acknowledged = true;
                accepted.add(happening.document);
            }
        }
        return accepted;
    }

    // The store

    /**
     * The store has applied a batch.
     *
     * @param own what the server itself did, if it is its own
     */
    void applied(Batch batch, @Nullable Happening own) {
        writes++;
        if (own != null) {
            ReplicaId replica = writer(batch.documents().get(0).cells());
            stamp(List.of(own), replica, batch.documents().get(0).cells(), false);
            accept(own);
        } else if (batch.mark() != null) {
            Set<DocumentId> documents = new HashSet<>();
            batch.documents().stream().map(DocumentCells::id).forEach(documents::add);
            carried.getOrDefault(batch.mark().nonce(), List.of()).stream()
                    .filter(happening -> documents.contains(happening.document))
                    .forEach(happening -> {
                        happening.acceptedBy = happening.accepted == Happening.NEVER
                                ? batch.mark().nonce()
                                : happening.acceptedBy;
                        accept(happening);
                    });
        }
    }

    /** Who wrote the cells of an edit: the replica of its greatest stamp. */
    private static ReplicaId writer(DocumentState cells) {
        Stamp greatest = cells.cells().values().stream()
                .map(Cell::stamp)
                .max(Stamp::compareTo)
                .orElseThrow();
        return greatest.replica();
    }

    private void accept(Happening happening) {
        if (happening.accepted == Happening.NEVER || happening.lost) {
            happening.accepted = writes;
        }
        happening.lost = false;
        happening.withdrawn = false;
        Set<Stamp> stamps = new HashSet<>(happening.stamps.values());
        if (happening.stamp != null) {
            stamps.add(happening.stamp);
        }
        for (Stamp stamp : stamps) {
            if (stamp.millis() > schedule.now() + FUTURE_MILLIS) {
                faults.add("the stamp " + stamp + " is from the future: " + happening);
            }
            Happening other = stamped.putIfAbsent(stamp, happening);
            boolean unsure = happening.doubtful && other != null && other.doubtful; // which of the two wrote the cell
            if (other != null && other != happening && !other.lost && !unsure) {
                faults.add("the stamp " + stamp + " names two edits: " + other + " and " + happening);
            }
        }
    }

    /** From now on a cursor stands for what the store has applied. */
    void marks(String cursor) {
        cursors.put(cursor, writes);
    }

    /** What a cursor covers. */
    int covered(String cursor) {
        Integer covered = cursors.get(cursor);
        if (covered == null) {
            throw new IllegalStateException("nobody has given out the cursor " + cursor);
        }
        return covered;
    }

    /** A purge has dropped documents as a whole, and maybe removals of the others. */
    void purged(Set<DocumentId> gone) {
        purges.add(new Purge(writes, Set.copyOf(gone)));
        for (Happening happening : happenings) {
            if (happening.accepted != Happening.NEVER) {
                happening.forgotten |= gone.contains(happening.document);
                happening.purged = true;
                happening.faded |= restored && happening.takesAway();
            }
        }
    }

    /** What is gone to who reads on from one write to another. */
    Set<DocumentId> purgedBetween(int from, int upTo) {
        Set<DocumentId> gone = new HashSet<>();
        purges.stream()
                .filter(purge -> from <= purge.after && purge.after <= upTo)
                .forEach(purge -> gone.addAll(purge.gone));
        return gone;
    }

    /** The store was put back to what it was after some of its writes. */
    void restored(int upTo) {
        for (Happening happening : happenings) {
            if (happening.accepted != Happening.NEVER && happening.accepted > upTo) {
                if (!happening.lost) {
                    happening.acceptedBefore = happening.accepted;
                    happening.lostAt = writes;
                    happening.faded |= happening.purged;
                }
                happening.lost = true;
            }
        }
        restored = true;
        BitSet lost =
                numbers(happenings.stream().filter(happening -> happening.lost).toList());
        happenings.forEach(happening -> happening.leans |= happening.seen.intersects(lost));
        writes++; // what is read from now on is told from what was read before
    }
}
