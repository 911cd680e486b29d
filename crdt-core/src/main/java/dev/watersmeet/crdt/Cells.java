package dev.watersmeet.crdt;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A state's cells as a read-only map, which shows later changes of the state, too. Cells are made when they are asked for. */
final class Cells extends AbstractMap<Path, Cell> {
    private final DocumentState state;

    Cells(DocumentState state) {
        this.state = state;
    }

    @Override
    public int size() {
        return state.size();
    }

    @Override
    public @Nullable Cell get(@Nullable Object key) {
        return key instanceof Path path ? state.get(path) : null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public Set<Map.Entry<Path, Cell>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Map.Entry<Path, Cell>> {
        @Override
        public int size() {
            return state.size();
        }

        @Override
        public Iterator<Map.Entry<Path, Cell>> iterator() {
            return new Iterator<>() {
                private final int size = state.size();
                private int next;

                @Override
                public boolean hasNext() {
                    return next < size;
                }

                @Override
                public Map.Entry<Path, Cell> next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    if (state.size() != size) {
                        throw new ConcurrentModificationException("cells came or went while they were read");
                    }
                    return Map.entry(state.path(next), state.cell(next++));
                }
            };
        }
    }
}
