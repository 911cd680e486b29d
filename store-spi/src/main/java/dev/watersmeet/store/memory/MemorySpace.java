package dev.watersmeet.store.memory;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One space of a {@link MemoryStore}, guarded by the store's lock. A cursor is the space's epoch and the length of the log. */
final class MemorySpace {
    final Map<String, String> metadata = new HashMap<>();
    private final String epoch;
    private final Map<DocumentId, DocumentState> documents = new LinkedHashMap<>();
    private final List<DocumentId> order = new ArrayList<>();
    private final Map<ReplicaId, Mark> marks = new HashMap<>();
    private final List<Batch> log = new ArrayList<>();

    MemorySpace(long epoch) {
        this.epoch = Long.toHexString(epoch);
    }

    Cursor join(Batch batch) {
        for (DocumentCells delta : batch.documents()) {
            if (delta.cells().isEmpty()) {
                continue;
            }
            documents
                    .computeIfAbsent(delta.id(), id -> {
                        order.add(id);
                        return DocumentState.empty();
                    })
                    .join(delta.cells());
        }
        if (batch.mark() != null) {
            marks.put(batch.mark().replica(), batch.mark());
        }
        log.add(batch);
        return head();
    }

    Map<DocumentId, DocumentState> read(Collection<DocumentId> ids) {
        Map<DocumentId, DocumentState> found = new LinkedHashMap<>();
        for (DocumentId id : ids) {
            DocumentState state = documents.get(id);
            if (state != null) {
                found.put(id, state.copy());
            }
        }
        return found;
    }

    Optional<Mark> mark(ReplicaId replica) {
        return Optional.ofNullable(marks.get(replica));
    }

    Cursor head() {
        return cursor(log.size());
    }

    Changes changes(Cursor after, int limit) {
        int next = index(after, log.size());
        PageBudget budget = PageBudget.of(limit);
        Map<DocumentId, DocumentState> page = new LinkedHashMap<>();
        while (next < log.size() && budget.hasRoom()) {
            List<DocumentCells> batch = log.get(next).documents();
            long bytes = batch.stream().mapToLong(PageBudget::bytes).sum();
            if (!budget.fits(bytes)) {
                break;
            }
            budget.add(batch.stream().mapToInt(delta -> delta.cells().size()).sum(), bytes);
            batch.forEach(delta -> page.computeIfAbsent(delta.id(), id -> DocumentState.empty())
                    .join(delta.cells()));
            next++;
        }
        return new Changes(list(page), cursor(next), next < log.size());
    }

    Scan scan(@Nullable Cursor position, int limit) {
        int next = position == null ? 0 : index(position, order.size());
        PageBudget budget = PageBudget.of(limit);
        Map<DocumentId, DocumentState> page = new LinkedHashMap<>();
        while (next < order.size() && budget.hasRoom()) {
            DocumentId id = order.get(next);
            DocumentState state = Objects.requireNonNull(documents.get(id));
            long bytes = PageBudget.bytes(new DocumentCells(id, state));
            if (!budget.fits(bytes)) {
                break;
            }
            budget.add(state.size(), bytes);
            page.put(id, state.copy());
            next++;
        }
        return new Scan(list(page), next < order.size() ? cursor(next) : null);
    }

    long count() {
        return order.size();
    }

    boolean compareAndSet(String key, @Nullable String expected, String value) {
        if (!Objects.equals(metadata.get(key), expected)) {
            return false;
        }
        metadata.put(key, value);
        return true;
    }

    private static List<DocumentCells> list(Map<DocumentId, DocumentState> page) {
        List<DocumentCells> list = new ArrayList<>(page.size());
        page.forEach((id, cells) -> list.add(new DocumentCells(id, cells)));
        return list;
    }

    private Cursor cursor(int index) {
        return new Cursor(epoch + "." + index);
    }

    private int index(Cursor cursor, int size) {
        String text = cursor.text();
        String prefix = epoch + ".";
        if (text.startsWith(prefix) && text.substring(prefix.length()).matches("[0-9]{1,9}")) {
            int index = Integer.parseInt(text.substring(prefix.length()));
            if (index <= size) {
                return index;
            }
        }
        throw new StoreException(StoreException.Kind.CURSOR_EXPIRED, "not a cursor of this space: " + text);
    }
}
