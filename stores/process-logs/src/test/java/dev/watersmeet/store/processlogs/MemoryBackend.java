package dev.watersmeet.store.processlogs;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A backend in memory, under one lock: what a database has to do, in its shortest form. */
final class MemoryBackend implements Backend {
    private static final int MAX_ENTRIES = 7; // fewer than are asked for, as where they are large

    final Map<RecordKey, Versioned> records = new HashMap<>();
    final Map<SpaceKey, Life> lives = new HashMap<>();
    private final Set<SpaceKey> erased = new HashSet<>();
    private final Limits limits;
    private boolean mixed;

    /** What belongs to one life of a space. */
    static final class Life {
        final Map<Long, List<byte[]>> logs = new HashMap<>();
        final Map<Long, Map<Long, Long>> tips = new HashMap<>();
        final Map<Page, byte[]> pages = new HashMap<>();
        final TreeMap<DocumentId, TreeMap<Long, DocumentState>> documents = new TreeMap<>();
        final Map<DocumentId, Long> dropped = new HashMap<>();

        Life copy() {
            Life copy = new Life();
            logs.forEach((id, entries) -> copy.logs.put(id, new ArrayList<>(entries)));
            tips.forEach((generation, byLog) -> copy.tips.put(generation, new HashMap<>(byLog)));
            copy.pages.putAll(pages);
            documents.forEach((id, layers) -> {
                TreeMap<Long, DocumentState> copied = new TreeMap<>();
                layers.forEach((generation, state) -> copied.put(generation, state.copy()));
                copy.documents.put(id, copied);
            });
            copy.dropped.putAll(dropped);
            return copy;
        }
    }

    record Page(long generation, long attempt, int index) {}

    MemoryBackend(Limits limits) {
        this.limits = limits;
    }

    /** The data as they are now, for another backend. */
    synchronized MemoryBackend copy() {
        MemoryBackend copy = new MemoryBackend(limits);
        copy.records.putAll(records);
        lives.forEach((key, life) -> copy.lives.put(key, life.copy()));
        copy.erased.addAll(erased);
        return copy;
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public synchronized @Nullable Versioned record(RecordKey key, boolean settled) {
        return records.get(key);
    }

    @Override
    public synchronized boolean compareAndSet(
            RecordKey key, @Nullable Versioned expected, @Nullable Versioned replacement) {
        @Nullable Versioned stored = records.get(key);
        boolean same = Objects.equals(version(stored), version(expected));
        if (same && !isErased(key)) {
            records.compute(key, (name, before) -> replacement);
        }
        return same;
    }

    private static @Nullable Long version(@Nullable Versioned stored) {
        return stored == null ? null : stored.version();
    }

    private boolean isErased(RecordKey key) {
        return key.life() != 0 && erased.contains(new SpaceKey(key.space(), key.life()));
    }

    /** Lets all lives of a space be one, as if their numbers were used again: a bug that a simulation plants. */
    void mixLives() {
        mixed = true;
    }

    /** A life to write to; one that is erased is written to in vain. */
    private Life life(SpaceKey space) {
        if (mixed) {
            return lives.computeIfAbsent(new SpaceKey(space.space(), 1), key -> new Life());
        }
        return erased.contains(space) ? new Life() : lives.computeIfAbsent(space, key -> new Life());
    }

    @Override
    public synchronized void enlist(SpaceKey space) {
        life(space);
    }

    @Override
    public synchronized List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
        Set<SpaceId> names = new TreeSet<>();
        lives.keySet().forEach(key -> names.add(key.space()));
        return names.stream()
                .filter(name -> after == null || name.compareTo(after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized void erase(SpaceKey space) {
        erased.add(space);
        lives.remove(space);
        records.keySet().removeIf(key -> key.space().equals(space.space()) && key.life() == space.life());
    }

    @Override
    public synchronized void append(SpaceKey space, long log, long first, List<byte[]> entries) {
        append(life(space), log, first, entries);
    }

    private static List<byte[]> append(Life life, long log, long first, List<byte[]> entries) {
        List<byte[]> stored = life.logs.computeIfAbsent(log, id -> new ArrayList<>());
        while (stored.size() < first - 1 + entries.size()) {
            stored.add(null);
        }
        for (int i = 0; i < entries.size(); i++) {
            if (stored.get((int) first - 1 + i) == null) {
                stored.set((int) first - 1 + i, entries.get(i));
            }
        }
        return stored;
    }

    @Override
    public synchronized void annul(SpaceKey space, long log, long sequence) {
        append(life(space), log, sequence, List.of(new byte[0])).set((int) sequence - 1, new byte[0]);
    }

    @Override
    public synchronized List<byte[]> entries(SpaceKey space, long log, long after, int limit) {
        List<byte[]> stored = life(space).logs.getOrDefault(log, List.of());
        List<byte[]> found = new ArrayList<>();
        for (int i = (int) after; i < stored.size() && found.size() < Math.min(limit, MAX_ENTRIES); i++) {
            byte @Nullable [] entry = stored.get(i);
            if (entry == null) {
                break;
            }
            found.add(entry);
        }
        return found;
    }

    /** As if the tip of a log were where it ends: a bug that a simulation plants. */
    synchronized long end(SpaceKey space, long log) {
        return life(space).logs.getOrDefault(log, List.of()).size();
    }

    @Override
    public synchronized Map<Long, Long> tips(SpaceKey space, long generation) {
        return Map.copyOf(life(space).tips.getOrDefault(generation, Map.of()));
    }

    @Override
    public synchronized void raiseTip(SpaceKey space, long generation, long log, long sequence) {
        life(space).tips.computeIfAbsent(generation, key -> new HashMap<>()).merge(log, sequence, Math::max);
    }

    @Override
    public synchronized void join(SpaceKey space, long generation, Collection<DocumentCells> documents) {
        Life life = life(space);
        for (DocumentCells delta : documents) {
            if (!delta.cells().isEmpty() && life.dropped.getOrDefault(delta.id(), 0L) < generation) {
                life.documents
                        .computeIfAbsent(delta.id(), id -> new TreeMap<>())
                        .computeIfAbsent(generation, key -> DocumentState.empty())
                        .join(delta.cells());
            }
        }
    }

    @Override
    public synchronized void drop(SpaceKey space, long generation, Collection<DocumentId> documents) {
        Life life = life(space);
        for (DocumentId id : documents) {
            life.dropped.merge(id, generation, Math::max);
            life.documents.computeIfPresent(id, (key, layers) -> {
                layers.headMap(generation, true).clear();
                return layers.isEmpty() ? null : layers;
            });
        }
    }

    @Override
    public synchronized Map<DocumentId, DocumentState> read(SpaceKey space, Collection<DocumentId> documents) {
        Map<DocumentId, DocumentState> found = new LinkedHashMap<>();
        for (DocumentId id : documents) {
            TreeMap<Long, DocumentState> layers = life(space).documents.get(id);
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

    @Override
    public synchronized Slice scan(SpaceKey space, @Nullable String from, int limit) {
        PageBudget budget = PageBudget.of(limit);
        List<Layered> found = new ArrayList<>();
        @Nullable String next = from;
        for (Map.Entry<DocumentId, TreeMap<Long, DocumentState>> entry :
                life(space).documents.entrySet()) {
            String name = name(entry.getKey());
            if (from == null || after(from, entry.getKey())) {
                DocumentCells document = new DocumentCells(entry.getKey(), joined(entry.getValue()));
                long bytes = PageBudget.bytes(document);
                if (!budget.hasRoom() || !budget.fits(bytes)) {
                    return new Slice(found, next);
                }
                budget.add(document.cells().size(), bytes);
                found.add(new Layered(document, entry.getValue().size()));
                next = name;
            }
        }
        return new Slice(found, null);
    }

    private static String name(DocumentId id) {
        return id.collection() + "\u0000" + id.id().text();
    }

    private static boolean after(String from, DocumentId id) {
        int separator = from.indexOf('\u0000');
        if (separator < 0) {
            throw new StoreException(StoreException.Kind.CURSOR_EXPIRED, "no document's name: " + from);
        }
        return new DocumentId(from.substring(0, separator), Value.ofCanonical(from.substring(separator + 1)))
                        .compareTo(id)
                < 0;
    }

    @Override
    public synchronized long count(SpaceKey space) {
        return life(space).documents.size();
    }

    @Override
    public synchronized void putPage(SpaceKey space, long generation, long attempt, int index, byte[] page) {
        life(space).pages.put(new Page(generation, attempt, index), page);
    }

    @Override
    public synchronized byte @Nullable [] page(SpaceKey space, long generation, long attempt, int index) {
        return life(space).pages.get(new Page(generation, attempt, index));
    }

    @Override
    public synchronized void trim(SpaceKey space, long generation, Collection<Long> logs) {
        Life life = life(space);
        life.logs.keySet().removeAll(logs);
        life.tips.remove(generation);
        life.pages.keySet().removeIf(page -> page.generation == generation);
    }

    @Override
    public void close() {
        // The data stay, as those of a database.
    }
}
