package dev.watersmeet.store.zookeeper;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Batches on their way to become one entry of a space's log: put together one after the other, from what was read of their documents and marks. Not thread-safe. */
final class Draft {
    /** The largest znode of a document: all of its cells, with their numbers. */
    static final int MAX_DOCUMENT_BYTES = 512 << 10;

    private final Head base;
    private final Bounds bounds;
    private final Map<DocumentId, Slot<StoredDocument>> documents = new LinkedHashMap<>();
    private final Map<ReplicaId, Slot<Mark>> marks = new LinkedHashMap<>();
    private final Map<DocumentId, Delta> deltas = new LinkedHashMap<>();
    private boolean taken;

    /** What stands in a znode, and is to. */
    private static final class Slot<T> {
        final @Nullable Node before;

        @Nullable
        T value;

        byte @Nullable [] bytes;

        Slot(@Nullable Node before, @Nullable T value) {
            this.before = before;
            this.value = value;
        }

        long growth() {
            return bytes == null ? 0 : bytes.length - (before == null ? 0 : before.data().length);
        }

        boolean begins() {
            return bytes != null && before == null;
        }
    }

    private Draft(Head base, Bounds bounds) {
        this.base = base;
        this.bounds = bounds;
    }

    /**
     * A draft without batches, from what is read of all that they are about.
     *
     * @param allNew whether all documents are taken for new, and not read
     */
    static Draft read(
            Ensemble ensemble, Paths paths, Head base, Bounds bounds, List<Prepared> batches, boolean allNew) {
        Map<DocumentId, String> keys = new LinkedHashMap<>();
        Set<ReplicaId> replicas = new LinkedHashSet<>();
        for (Prepared prepared : batches) {
            prepared.deltas().forEach(delta -> keys.put(delta.id(), delta.key()));
            @Nullable Mark mark = prepared.batch().mark();
            if (mark != null) {
                replicas.add(mark.replica());
            }
        }
        List<String> wanted = new ArrayList<>();
        if (!allNew) {
            keys.values().forEach(key -> wanted.add(paths.document(base.life(), key)));
        }
        replicas.forEach(replica -> wanted.add(paths.mark(base.life(), replica)));
        List<@Nullable Node> nodes = wanted.isEmpty() ? List.of() : ensemble.getAll(wanted);
        Draft draft = new Draft(base, bounds);
        int next = 0;
        for (DocumentId id : keys.keySet()) {
            @Nullable Node node = allNew ? null : nodes.get(next++);
            draft.documents.put(
                    id,
                    new Slot<>(node, node == null ? StoredDocument.empty(id) : StoredDocument.parse(node.data(), id)));
        }
        for (ReplicaId replica : replicas) {
            @Nullable Node node = nodes.get(next++);
            draft.marks.put(replica, new Slot<>(node, node == null ? null : MarkBytes.parse(node.data())));
        }
        return draft;
    }

    /**
     * Takes a batch; a refused one leaves no trace.
     *
     * @throws StoreException if it is refused as the space is
     */
    void take(Prepared prepared) {
        Batch batch = prepared.batch();
        if (batch.basis() != null && base.state(batch.basis()) != CursorState.CURRENT) {
            throw Head.expired(batch.basis()); // S-20
        }
        @Nullable Mark mark = batch.mark();
        @Nullable Slot<Mark> marked = mark == null ? null : marks.get(mark.replica());
        FormerMark held = marked == null ? FormerMark.NONE : FormerMark.of(Optional.ofNullable(marked.value));
        batch.checkFormer(held); // S-24
        if (marked != null && marked.value == null && base.size().replicas() + beginning(marks) >= bounds.replicas()) {
            throw new StoreException(
                    StoreException.Kind.TOO_LARGE,
                    "a space has at most " + bounds.replicas() + " replicas in this store");
        }
        Map<DocumentId, StoredDocument> joined = new HashMap<>();
        Map<DocumentId, byte[]> bytes = new HashMap<>();
        long number = base.number() + 1;
        for (Delta delta : prepared.deltas()) {
            DocumentId id = delta.id();
            StoredDocument before = Objects.requireNonNull(slot(id).value);
            if (before.document().cells().holds(delta.cells())) {
                continue;
            }
            if (before.isEmpty()) {
                joined.put(id, StoredDocument.begun(delta, number));
                bytes.put(id, StoredDocument.begunBytes(delta, number));
            } else {
                StoredDocument after = before.joined(delta.cells(), number);
                joined.put(id, after);
                bytes.put(id, after.toBytes());
            }
        }
        requireRoom(batch, bytes);
        joined.forEach((id, after) -> {
            slot(id).value = after;
            slot(id).bytes = bytes.get(id);
        });
        prepared.deltas().forEach(delta -> deltas.merge(delta.id(), delta, Delta::joined));
        if (marked != null && mark != null && mark.replaces(held)) {
            marked.value = mark;
            marked.bytes = MarkBytes.of(mark);
        }
        taken = true;
    }

    private Slot<StoredDocument> slot(DocumentId id) {
        return Objects.requireNonNull(documents.get(id));
    }

    /** Refuses documents that are too large, or for which there is no room. What only removes is taken. */
    private void requireRoom(Batch batch, Map<DocumentId, byte[]> bytes) {
        Set<DocumentId> large = new LinkedHashSet<>();
        Set<DocumentId> roomless = new LinkedHashSet<>();
        long count = base.size().documents() + beginning(documents);
        long total = base.size().bytes() + growth(documents) + growth(marks);
        for (DocumentCells document : batch.documents()) {
            DocumentId id = document.id();
            byte @Nullable [] changed = bytes.get(id);
            if (changed == null) {
                continue;
            }
            Slot<StoredDocument> slot = slot(id);
            boolean begins = slot.before == null && slot.bytes == null;
            byte @Nullable [] former =
                    slot.bytes != null ? slot.bytes : slot.before == null ? null : slot.before.data();
            count += begins ? 1 : 0;
            total += changed.length - (former == null ? 0 : former.length);
            if (changed.length > MAX_DOCUMENT_BYTES) {
                large.add(id);
            } else if (!onlyRemoves(document) && ((begins && count > bounds.documents()) || total > bounds.bytes())) {
                roomless.add(id);
            }
        }
        if (!large.isEmpty()) {
            throw StoreException.tooLarge(
                    large,
                    large.iterator().next() + " would have more than " + MAX_DOCUMENT_BYTES
                            + " bytes with these cells, the most that a document has in this store");
        }
        if (!roomless.isEmpty()) {
            throw StoreException.tooLarge(
                    roomless,
                    "the space is full: it has at most " + bounds.documents() + " documents and " + bounds.bytes()
                            + " bytes in this store, and " + roomless.iterator().next() + " would be above");
        }
    }

    private static boolean onlyRemoves(DocumentCells document) {
        return document.cells().cells().values().stream().allMatch(Cell::removed);
    }

    private static <K, T> long beginning(Map<K, Slot<T>> slots) {
        return slots.values().stream().filter(Slot::begins).count();
    }

    private static <K, T> long growth(Map<K, Slot<T>> slots) {
        return slots.values().stream().mapToLong(Slot::growth).sum();
    }

    /** Whether no batch was taken. */
    boolean isEmpty() {
        return !taken;
    }

    /** Whether all documents are new, and there are some. */
    boolean allBegin() {
        return !documents.isEmpty() && beginning(documents) == documents.size();
    }

    /**
     * Puts what is to be written into a commit.
     *
     * @return the space's head with it
     */
    Head write(Commit commit, Paths paths, long now) {
        long life = base.life();
        deltas.forEach((id, delta) -> {
            Slot<StoredDocument> slot = slot(id);
            if (slot.bytes != null) {
                commit.put(paths.document(life, delta.key()), slot.bytes, slot.before);
            }
        });
        marks.forEach((replica, slot) -> {
            if (slot.bytes != null) {
                commit.put(paths.mark(life, replica), slot.bytes, slot.before);
            }
        });
        byte[] entry = Entry.toBytes(Math.max(now, base.recorded()), deltas.values());
        commit.create(paths.entry(life, base.number() + 1), entry);
        return base.withEntry(
                now,
                false,
                base.size()
                        .plus(beginning(documents), beginning(marks), growth(documents) + growth(marks), entry.length));
    }
}
