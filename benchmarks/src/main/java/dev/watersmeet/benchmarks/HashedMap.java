package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The physical limit: {@link HashMap#merge} of the same cells, the greater one kept. */
final class HashedMap implements ReplicatedMap {
    private final Writer writer = new Writer();
    private final List<String> keys;
    private final Map<String, Cell> cells;
    private Map<String, Cell> delta = new HashMap<>();

    HashedMap() {
        this(new ArrayList<>(), new HashMap<>());
    }

    private HashedMap(List<String> keys, Map<String, Cell> cells) {
        this.keys = keys;
        this.cells = cells;
    }

    static Cell greater(Cell mine, Cell theirs) {
        return theirs.compareTo(mine) > 0 ? theirs : mine;
    }

    static boolean holds(@Nullable Cell cell, String value) {
        return cell != null && Value.of(value).equals(cell.value());
    }

    static void join(Map<String, Cell> mine, Map<String, Cell> theirs) {
        theirs.forEach((key, cell) -> mine.merge(key, cell, HashedMap::greater));
    }

    @Override
    public void write(int key, String value) {
        while (keys.size() <= key) {
            keys.add(Keys.text(keys.size()));
        }
        delta.put(keys.get(key), writer.cell(value));
    }

    @Override
    public Map<String, Cell> takeDelta() {
        Map<String, Cell> taken = delta;
        join(cells, taken);
        delta = new HashMap<>();
        return taken;
    }

    @Override
    @SuppressWarnings("unchecked") // of this class, by contract
    public void mergeDelta(Object delta) {
        join(cells, (Map<String, Cell>) delta);
    }

    @Override
    public void merge(ReplicatedMap other) {
        join(cells, ((HashedMap) other).cells);
    }

    @Override
    public ReplicatedMap copy() {
        return new HashedMap(keys, new HashMap<>(cells));
    }

    @Override
    public boolean holds(int key, String value) {
        return holds(cells.get(Keys.text(key)), value);
    }

    @Override
    public int size() {
        return cells.size();
    }

    @Override
    public Object held() {
        return cells;
    }
}
