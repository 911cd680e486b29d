package dev.watersmeet.store.memory;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.Purging;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One space of a {@link MemoryStore}, guarded by the store's lock.
 *
 * <p>A cursor is {@code epoch.sequence}, the sequence of the last entry of the log that it covers. A position is {@code epoch~ordinal}: documents are scanned in the order in which they came.
 */
final class MemorySpace {
    final Map<String, String> metadata = new HashMap<>();
    private final Map<DocumentId, Held> documents = new HashMap<>();
    private final TreeMap<Long, DocumentId> order = new TreeMap<>();
    private final Map<ReplicaId, Mark> marks = new HashMap<>();
    private final List<Entry> log = new ArrayList<>();
    private String epoch;
    /** The epoch that the renewal ended; empty if there was none. */
    private String formerEpoch = "";
    /** The sequence of the last entry of the former epochs. */
    private long formerLast;
    /** The sequence of the last entry that the log does not hold any more; that of the first one it holds is one above. */
    private long fence;
    /** The sequence of the last purge. */
    private long purged;

    private long recorded;
    private long ordinals;

    /** A document, and its place in the scan. */
    private record Held(DocumentState state, long ordinal) {}

    /** An entry of the log: a batch's cells, or those that a purge has dropped. */
    private record Entry(long recorded, List<DocumentCells> written, List<DocumentCells> dropped) {}

    MemorySpace(long epoch) {
        this.epoch = Long.toHexString(epoch);
    }

    Cursor join(Batch batch, long now) {
        if (batch.basis() != null && check(batch.basis()) != CursorState.CURRENT) {
            throw expired(batch.basis());
        }
        @Nullable Mark mark = batch.mark();
        FormerMark held = mark == null ? FormerMark.NONE : FormerMark.of(mark(mark.replica()));
        batch.checkFormer(held);
        for (DocumentCells delta : batch.documents()) {
            if (!delta.cells().isEmpty()) {
                documents.computeIfAbsent(delta.id(), this::add).state.join(delta.cells());
            }
        }
        if (mark != null && mark.replaces(held)) {
            marks.put(mark.replica(), mark);
        }
        append(now, batch.documents(), List.of());
        return head();
    }

    private Held add(DocumentId id) {
        order.put(++ordinals, id);
        return new Held(DocumentState.empty(), ordinals);
    }

    private void append(long now, List<DocumentCells> written, List<DocumentCells> dropped) {
        recorded = Math.max(recorded, now); // time may run backwards, the log does not
        log.add(new Entry(recorded, written, dropped));
    }

    Map<DocumentId, DocumentState> read(Collection<DocumentId> ids) {
        Map<DocumentId, DocumentState> found = new LinkedHashMap<>();
        for (DocumentId id : ids) {
            Held held = documents.get(id);
            if (held != null) {
                found.put(id, held.state.copy());
            }
        }
        return found;
    }

    Optional<Mark> mark(ReplicaId replica) {
        return Optional.ofNullable(marks.get(replica));
    }

    Cursor head() {
        return cursor(last());
    }

    private long last() {
        return fence + log.size();
    }

    Changes changes(Cursor after, int limit) {
        long sequence = number(after, '.');
        if (sequence < fence || sequence > last()) {
            throw expired(after);
        }
        PageBudget budget = PageBudget.of(limit);
        Map<DocumentId, DocumentState> page = new LinkedHashMap<>();
        while (sequence < last() && budget.hasRoom()) {
            Entry entry = log.get((int) (sequence - fence));
            if (!entry.dropped.isEmpty()) {
                if (page.isEmpty()) {
                    return Changes.purged(entry.dropped, cursor(sequence + 1), sequence + 1 < last());
                }
                break;
            }
            long bytes = entry.written.stream().mapToLong(PageBudget::bytes).sum();
            if (!budget.fits(bytes)) {
                break;
            }
            budget.add(
                    entry.written.stream()
                            .mapToInt(delta -> delta.cells().size())
                            .sum(),
                    bytes);
            entry.written.forEach(delta -> page.computeIfAbsent(delta.id(), id -> DocumentState.empty())
                    .join(delta.cells()));
            sequence++;
        }
        List<DocumentCells> written = new ArrayList<>(page.size());
        page.forEach((id, cells) -> written.add(new DocumentCells(id, cells)));
        return Changes.written(written, cursor(sequence), sequence < last());
    }

    CursorState check(Cursor cursor) {
        try {
            boolean former = !formerEpoch.isEmpty() && purged <= formerLast;
            if (former && number(cursor, formerEpoch, '.').orElse(-1L) >= purged) {
                return CursorState.BEFORE_RENEWAL; // S-25
            }
            long sequence = number(cursor, '.');
            if (sequence >= fence && sequence <= last()) {
                return sequence >= purged ? CursorState.CURRENT : CursorState.BEFORE_PURGE;
            }
            return CursorState.EXPIRED;
        } catch (StoreException e) {
            return CursorState.EXPIRED;
        }
    }

    Scan scan(@Nullable Cursor position, int limit) {
        long after = position == null ? 0 : number(position, '~');
        PageBudget budget = PageBudget.of(limit);
        List<DocumentCells> page = new ArrayList<>();
        for (Map.Entry<Long, DocumentId> next : order.tailMap(after, false).entrySet()) {
            DocumentId id = next.getValue();
            DocumentCells document = new DocumentCells(
                    id, Objects.requireNonNull(documents.get(id)).state.copy());
            long bytes = PageBudget.bytes(document);
            if (!budget.hasRoom() || !budget.fits(bytes)) {
                return new Scan(page, new Cursor(epoch + "~" + after));
            }
            budget.add(document.cells().size(), bytes);
            page.add(document);
            after = next.getKey();
        }
        return new Scan(page, null);
    }

    long count() {
        return documents.size();
    }

    boolean compareAndSet(String key, @Nullable String expected, String value) {
        if (!Objects.equals(metadata.get(key), expected)) {
            return false;
        }
        metadata.put(key, value);
        return true;
    }

    /** Whether anything was ever written here. */
    boolean isWritten() {
        return last() > 0 || !metadata.isEmpty();
    }

    /** A new epoch, whose time begins now. */
    void renewEpoch(long fresh, long now) {
        formerEpoch = epoch;
        formerLast = last();
        epoch = Long.toHexString(fresh);
        recorded = now;
        log.replaceAll(entry -> new Entry(now, entry.written, entry.dropped));
    }

    /** Drops what was recorded before an instant, and the log up to it. */
    Purged purge(long horizon, long now) {
        int kept = 0;
        while (kept < log.size() && log.get(kept).recorded < horizon) {
            kept++;
        }
        Map<DocumentId, Set<Path>> later = new HashMap<>();
        for (Entry entry : log.subList(kept, log.size())) {
            entry.written.forEach(delta -> later.computeIfAbsent(delta.id(), id -> new HashSet<>())
                    .addAll(delta.cells().cells().keySet()));
        }
        List<DocumentCells> dropped = new ArrayList<>();
        documents.forEach((id, held) -> {
            Set<Path> brought = later.getOrDefault(id, Set.of());
            DocumentState droppable = Purging.droppable(held.state, path -> !brought.contains(path));
            if (!droppable.isEmpty()) {
                dropped.add(new DocumentCells(id, droppable));
            }
        });
        Purged result = dropped.isEmpty() ? Purged.NOTHING : drop(dropped, now);
        log.subList(0, kept).clear();
        fence += kept;
        return result;
    }

    private Purged drop(List<DocumentCells> dropped, long now) {
        append(now, List.of(), dropped);
        purged = last();
        Purged result = Purged.NOTHING;
        for (DocumentCells gone : dropped) {
            Held held = Objects.requireNonNull(documents.get(gone.id()));
            DocumentState left = held.state.without(gone.cells());
            result = result.plus(new Purged(left.isEmpty() ? 1 : 0, gone.cells().size()));
            if (left.isEmpty()) {
                documents.remove(gone.id());
                order.remove(held.ordinal);
            } else {
                documents.put(gone.id(), new Held(left, held.ordinal));
            }
        }
        return result;
    }

    private Cursor cursor(long sequence) {
        return new Cursor(epoch + "." + sequence);
    }

    /** The number in a cursor or position of this epoch. */
    private long number(Cursor cursor, char separator) {
        return number(cursor, epoch, separator).orElseThrow(() -> expired(cursor));
    }

    private static Optional<Long> number(Cursor cursor, String epoch, char separator) {
        String text = cursor.text();
        String prefix = epoch + separator;
        return text.startsWith(prefix) && text.substring(prefix.length()).matches("[0-9]{1,18}")
                ? Optional.of(Long.parseLong(text.substring(prefix.length())))
                : Optional.empty();
    }

    private static StoreException expired(Cursor cursor) {
        return new StoreException(
                StoreException.Kind.CURSOR_EXPIRED, "not a cursor of this space as it is here: " + cursor);
    }
}
