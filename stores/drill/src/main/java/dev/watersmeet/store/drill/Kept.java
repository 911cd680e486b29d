package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.Layered;
import dev.watersmeet.store.processlogs.Slice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is kept of a space, in memory: its documents in layers by generation, what was dropped, and how far its logs are complete. Not thread-safe. */
final class Kept {
    /** What separates a collection's name, which has no control characters, from an id. */
    private static final char AFTER_COLLECTION = '\0';
    /** What a cell takes besides its texts, about. */
    private static final long CELL_BYTES = 64;

    private final NavigableMap<DocumentId, TreeMap<Long, DocumentState>> documents = new TreeMap<>();
    private final Map<DocumentId, Long> dropped = new HashMap<>();
    private final Map<Long, Map<Long, Long>> tips = new HashMap<>();
    private long trimmed;
    private long over;
    private long bytes;

    /** About how many bytes the cells have, and what is known of documents that were dropped. */
    long bytes() {
        return bytes;
    }

    void apply(Change change) {
        if (change instanceof Change.Joined joined) {
            joined.documents().forEach(delta -> join(joined.generation(), delta));
        } else if (change instanceof Change.Dropped drop) {
            drop.documents().forEach(id -> drop(drop.generation(), id));
        } else if (change instanceof Change.Raised raised) {
            if (raised.generation() > over) {
                tips.computeIfAbsent(raised.generation(), key -> new HashMap<>())
                        .merge(raised.log(), raised.sequence(), Math::max);
            }
        } else if (change instanceof Change.Trimmed end) {
            tips.remove(end.generation());
            trimmed = Math.max(trimmed, end.generation());
        } else if (change instanceof Change.Over end) {
            trimmed = Math.max(trimmed, end.generation());
            overAt(end.generation());
        }
    }

    /** Nothing counts any more that comes under generations up to one: so nobody needs to know what was dropped under them. */
    private void overAt(long generation) {
        over = Math.max(over, generation);
        dropped.entrySet().removeIf(entry -> {
            boolean settled = entry.getValue() <= over;
            bytes -= settled ? weight(entry.getKey()) : 0;
            return settled;
        });
    }

    private void join(long generation, DocumentCells delta) {
        if (delta.cells().isEmpty() || generation <= over || dropped.getOrDefault(delta.id(), 0L) >= generation) {
            return;
        }
        Map<Long, DocumentState> layers = documents.computeIfAbsent(delta.id(), id -> new TreeMap<>());
        @Nullable DocumentState layer = layers.get(generation);
        if (layer == null) {
            layers.put(generation, delta.cells().copy());
            delta.cells().forEach((path, cell) -> bytes += weight(path, cell));
        } else {
            join(layer, delta.cells());
        }
    }

    private void join(DocumentState layer, DocumentState delta) {
        delta.forEach((path, cell) -> {
            @Nullable Cell before = layer.get(path);
            if (layer.join(path, cell)) {
                bytes += weight(path, cell) - (before == null ? 0 : weight(path, before));
            }
        });
    }

    private static long weight(Path path, Cell cell) {
        return CELL_BYTES
                + path.bytes()
                + (cell.value() == null ? 0 : cell.value().text().length());
    }

    private static long weight(DocumentId id) {
        return CELL_BYTES + id.collection().length() + id.id().text().length();
    }

    private void drop(long generation, DocumentId id) {
        if (generation > over) {
            bytes += dropped.containsKey(id) ? 0 : weight(id);
            dropped.merge(id, generation, Math::max);
        }
        documents.computeIfPresent(id, (key, layers) -> {
            Map<Long, DocumentState> gone = layers.headMap(generation, true);
            gone.values().forEach(layer -> layer.forEach((path, cell) -> bytes -= weight(path, cell)));
            gone.clear();
            return layers.isEmpty() ? null : layers;
        });
    }

    Map<Long, Long> tips(long generation) {
        return Map.copyOf(tips.getOrDefault(generation, Map.of()));
    }

    Map<DocumentId, DocumentState> read(Collection<DocumentId> ids) {
        Map<DocumentId, DocumentState> found = new LinkedHashMap<>();
        for (DocumentId id : ids) {
            @Nullable TreeMap<Long, DocumentState> layers = documents.get(id);
            if (layers != null) {
                found.put(id, joined(layers));
            }
        }
        return found;
    }

    private static DocumentState joined(Map<Long, DocumentState> layers) {
        DocumentState state = DocumentState.empty();
        layers.values().forEach(state::join);
        return state;
    }

    Slice scan(@Nullable String from, int limit) {
        PageBudget budget = PageBudget.of(limit);
        List<Layered> found = new ArrayList<>();
        @Nullable String next = from;
        NavigableMap<DocumentId, TreeMap<Long, DocumentState>> rest =
                from == null ? documents : documents.tailMap(parse(from), false);
        for (Map.Entry<DocumentId, TreeMap<Long, DocumentState>> entry : rest.entrySet()) {
            DocumentCells document = new DocumentCells(entry.getKey(), joined(entry.getValue()));
            long size = PageBudget.bytes(document);
            if (!budget.hasRoom() || !budget.fits(size)) {
                return new Slice(found, next);
            }
            budget.add(document.cells().size(), size);
            found.add(new Layered(document, entry.getValue().size()));
            next = name(entry.getKey());
        }
        return new Slice(found, null);
    }

    private static String name(DocumentId id) {
        return id.collection() + AFTER_COLLECTION + id.id().text();
    }

    private static DocumentId parse(String name) {
        int end = name.indexOf(AFTER_COLLECTION);
        if (end < 0) {
            throw new StoreException(StoreException.Kind.CURSOR_EXPIRED, "no document's name: " + name);
        }
        return new DocumentId(name.substring(0, end), Value.ofCanonical(name.substring(end + 1)));
    }

    int count() {
        return documents.size();
    }

    /** Begins to describe what is kept now, when all has been read that others had written. */
    Description description() {
        overAt(trimmed);
        return new Description();
    }

    /**
     * A description of what was kept at a moment: changes that make the same of nothing. It is taken in parts, between which more may be kept: of that some is in it, which does no harm, for who reads it applies all changes that
     * came since. At the end it says which generations were over: nothing is written under them any more that counts.
     */
    final class Description {
        private final long end = over;
        private final List<byte[]> next = new ArrayList<>();
        private @Nullable DocumentId last;
        private boolean ended;

        private Description() {
            tips.forEach((generation, byLog) ->
                    byLog.forEach((log, sequence) -> next.add(new Change.Raised(generation, log, sequence).toBytes())));
            dropped.forEach((id, generation) -> next.add(new Change.Dropped(generation, List.of(id)).toBytes()));
        }

        /** The stored forms of some changes, of about so many bytes; none at the end. */
        List<byte[]> next(long partBytes) {
            List<byte[]> part = new ArrayList<>(next);
            next.clear();
            if (ended) {
                return part;
            }
            long size = 0;
            NavigableMap<DocumentId, TreeMap<Long, DocumentState>> rest =
                    last == null ? documents : documents.tailMap(last, false);
            for (Map.Entry<DocumentId, TreeMap<Long, DocumentState>> entry : rest.entrySet()) {
                if (size >= partBytes) {
                    return part;
                }
                last = entry.getKey();
                for (Map.Entry<Long, DocumentState> layer : entry.getValue().entrySet()) {
                    DocumentCells cells = new DocumentCells(entry.getKey(), layer.getValue());
                    byte[] change = new Change.Joined(layer.getKey(), List.of(cells)).toBytes();
                    part.add(change);
                    size += change.length;
                }
            }
            ended = true;
            part.add(new Change.Over(end).toBytes());
            return part;
        }
    }
}
