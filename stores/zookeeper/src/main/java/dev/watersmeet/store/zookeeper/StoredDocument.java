package dev.watersmeet.store.zookeeper;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.store.Purging;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A document in its znode: its cells, and of each the number of the entry that brought it. Not thread-safe. */
final class StoredDocument {
    private static final int FORM = 2;

    private final DocumentId id;
    private final DocumentState cells;
    private final Map<Path, Long> numbers;

    private StoredDocument(DocumentId id, DocumentState cells, Map<Path, Long> numbers) {
        this.id = id;
        this.cells = cells;
        this.numbers = numbers;
    }

    /** A document without cells. */
    static StoredDocument empty(DocumentId id) {
        return new StoredDocument(id, DocumentState.empty(), new HashMap<>());
    }

    /** A new document, with cells of an entry. */
    static StoredDocument begun(Delta delta, long number) {
        Map<Path, Long> numbers = new HashMap<>();
        delta.cells().forEach((path, cell) -> numbers.put(path, number));
        return new StoredDocument(delta.id(), delta.cells(), numbers);
    }

    /** The bytes of a new document. */
    static byte[] begunBytes(Delta delta, long number) {
        Encoder out = Encoder.form(FORM).part(delta.part());
        for (int rest = delta.cells().size(); rest > 0; rest--) {
            out.number(number);
        }
        return out.toBytes();
    }

    /** What it is with cells of an entry. */
    StoredDocument joined(DocumentState delta, long number) {
        StoredDocument joined = new StoredDocument(id, cells.copy(), new HashMap<>(numbers));
        delta.forEach((path, cell) -> {
            if (joined.cells.join(path, cell)) {
                joined.numbers.put(path, number);
            }
        });
        return joined;
    }

    DocumentCells document() {
        return new DocumentCells(id, cells);
    }

    boolean isEmpty() {
        return cells.isEmpty();
    }

    /** What a purge drops of it: of cells that were brought by an entry up to one. */
    DocumentState droppable(long lastOld) {
        return Purging.droppable(cells, path -> number(path) <= lastOld);
    }

    StoredDocument without(DocumentState dropped) {
        return new StoredDocument(id, cells.without(dropped), numbers);
    }

    private long number(Path path) {
        return numbers.getOrDefault(path, 0L);
    }

    byte[] toBytes() {
        Encoder out = Encoder.form(FORM).document(document());
        cells.forEach((path, cell) -> out.number(number(path)));
        return out.toBytes();
    }

    /** A document that is known by its id. */
    static StoredDocument parse(byte[] bytes, DocumentId expected) {
        StoredDocument parsed = parse(bytes);
        if (!parsed.id.equals(expected)) {
            throw MalformedException.of("the znode of " + expected + " is that of " + parsed.id);
        }
        return parsed;
    }

    static StoredDocument parse(byte[] bytes) {
        Decoder in = Decoder.form(FORM, bytes);
        DocumentId id = in.documentId();
        Map<Path, Cell> cells = new LinkedHashMap<>();
        for (int rest = in.count(); rest > 0; rest--) {
            cells.put(Path.parse(in.text()), CellBytes.parse(in.bytes()));
        }
        Map<Path, Long> numbers = new HashMap<>();
        cells.keySet().forEach(path -> numbers.put(path, in.number()));
        return new StoredDocument(id, DocumentState.of(cells), numbers);
    }
}
