package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import java.util.ArrayList;
import java.util.List;

/** Ours: a document state with a register for each key. */
final class CellMap implements ReplicatedMap {
    private final Writer writer = new Writer();
    private final List<Path> paths;
    private final DocumentState state;
    private DocumentState delta = DocumentState.empty();

    CellMap() {
        this(new ArrayList<>(), DocumentState.empty());
    }

    private CellMap(List<Path> paths, DocumentState state) {
        this.paths = paths;
        this.state = state;
    }

    @Override
    public void write(int key, String value) {
        while (paths.size() <= key) {
            paths.add(Path.register(Keys.text(paths.size())));
        }
        delta.join(paths.get(key), writer.cell(value));
    }

    @Override
    public DocumentState takeDelta() {
        DocumentState taken = delta;
        state.join(taken);
        delta = DocumentState.empty();
        return taken;
    }

    @Override
    public void mergeDelta(Object delta) {
        state.join((DocumentState) delta);
    }

    @Override
    public void merge(ReplicatedMap other) {
        state.join(((CellMap) other).state);
    }

    @Override
    public ReplicatedMap copy() {
        return new CellMap(paths, state.copy());
    }

    @Override
    public boolean holds(int key, String value) {
        return HashedMap.holds(state.get(Path.register(Keys.text(key))), value);
    }

    @Override
    public int size() {
        return state.size();
    }

    @Override
    public Object held() {
        return state;
    }
}
