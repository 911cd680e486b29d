package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.Cell;
import java.util.HashMap;
import java.util.Map;

/** The physical limit: a hash map of hash maps of cells, pointwise maximum. */
final class HashedDocuments implements ReplicatedMap {
    private final Writer writer = new Writer();
    private final Map<String, Map<String, Cell>> documents;
    private Map<String, Map<String, Cell>> delta = new HashMap<>();

    HashedDocuments() {
        this(new HashMap<>());
    }

    private HashedDocuments(Map<String, Map<String, Cell>> documents) {
        this.documents = documents;
    }

    @Override
    public void write(int key, String value) {
        delta.computeIfAbsent(Keys.document(key), absent -> new HashMap<>()).put(Keys.field(key), writer.cell(value));
    }

    @Override
    public Object takeDelta() {
        Map<String, Map<String, Cell>> taken = delta;
        join(taken);
        delta = new HashMap<>();
        return taken;
    }

    @Override
    @SuppressWarnings("unchecked") // of this class, by contract
    public void mergeDelta(Object delta) {
        join((Map<String, Map<String, Cell>>) delta);
    }

    @Override
    public void merge(ReplicatedMap other) {
        join(((HashedDocuments) other).documents);
    }

    private void join(Map<String, Map<String, Cell>> delta) {
        delta.forEach((id, cells) -> HashedMap.join(documents.computeIfAbsent(id, absent -> new HashMap<>()), cells));
    }

    @Override
    public ReplicatedMap copy() {
        Map<String, Map<String, Cell>> copies = new HashMap<>();
        documents.forEach((id, cells) -> copies.put(id, new HashMap<>(cells)));
        return new HashedDocuments(copies);
    }

    @Override
    public boolean holds(int key, String value) {
        Map<String, Cell> cells = documents.get(Keys.document(key));
        return cells != null && HashedMap.holds(cells.get(Keys.field(key)), value);
    }

    @Override
    public int size() {
        return documents.values().stream().mapToInt(Map::size).sum();
    }

    @Override
    public Object held() {
        return documents;
    }
}
