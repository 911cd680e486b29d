package dev.watersmeet.store.geode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.store.geode.function.Layers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Documents as they are kept: in each generation's layer a part for each cell, named by its path, and valued by bytes whose order is that of cells. */
final class Documents {
    private Documents() {}

    /** What is kept of a document. */
    record Stored(DocumentState state, int generations) {}

    /** The change that joins cells under a generation. */
    static byte[] change(long generation, DocumentCells document) {
        List<Map.Entry<byte[], byte[]>> parts = new ArrayList<>(document.cells().size());
        document.cells().forEach((path, cell) -> parts.add(Map.entry(path.utf8(), CellBytes.of(cell))));
        parts.sort(Map.Entry.comparingByKey(Arrays::compareUnsigned));
        return Layers.layer(generation, parts);
    }

    /** Whether an entry is only a fence. */
    static boolean isEmpty(byte[] stored) {
        return Failures.reading(() -> Layers.isEmpty(stored));
    }

    static Stored parse(byte[] stored) {
        return Failures.reading(() -> read(stored));
    }

    private static Stored read(byte[] stored) {
        DocumentState state = DocumentState.empty();
        long[] last = {0, 0};
        Layers.forEach(stored, (generation, name, value) -> {
            if (generation != last[0]) {
                last[0] = generation;
                last[1]++;
            }
            state.join(Path.parse(new String(name, UTF_8)), CellBytes.parse(value));
        });
        return new Stored(state, (int) last[1]);
    }
}
