package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** A batch's cells as an entry of the log: the form's number, the number of documents, and for each its name, the number of its cells, their paths and their bytes. */
final class LogEntry {
    private static final int FORM = 1;

    private LogEntry() {}

    static byte[] of(List<DocumentCells> documents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(FORM);
        Bytes.putNumber(out, documents.size());
        for (DocumentCells delta : documents) {
            Bytes.put(out, delta.id().collection().getBytes(UTF_8));
            Bytes.put(out, delta.id().id().text().getBytes(UTF_8));
            Bytes.putNumber(out, delta.cells().size());
            delta.cells().forEach((path, cell) -> {
                Bytes.put(out, path.text().getBytes(UTF_8));
                Bytes.put(out, CellBytes.of(cell));
            });
        }
        return out.toByteArray();
    }

    /**
     * Joins an entry's cells to a page.
     *
     * @return the number of cells of the entry
     */
    static int join(byte[] entry, Map<DocumentId, DocumentState> page) {
        ByteBuffer in = ByteBuffer.wrap(entry);
        Bytes.expectForm(in, FORM);
        int cells = 0;
        for (long documents = Bytes.number(in); documents > 0; documents--) {
            DocumentId id = new DocumentId(Bytes.text(in), Value.ofCanonical(Bytes.text(in)));
            DocumentState state = page.computeIfAbsent(id, key -> DocumentState.empty());
            for (long rest = Bytes.number(in); rest > 0; rest--) {
                state.join(Path.parse(Bytes.text(in)), CellBytes.parse(Bytes.bytes(in)));
                cells++;
            }
        }
        return cells;
    }
}
