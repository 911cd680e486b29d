package dev.watersmeet.store.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Puts stored forms together; an {@link Input} takes them apart. */
final class Output {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Output code(char code) {
        out.write(code);
        return this;
    }

    Output number(long number) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        return this;
    }

    Output bytes(byte[] bytes) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        out.writeBytes(bytes);
        return this;
    }

    Output text(String text) {
        return bytes(text.getBytes(UTF_8));
    }

    Output id(DocumentId id) {
        return text(id.collection()).text(id.id().text());
    }

    Output document(DocumentCells document) {
        id(document.id()).number(document.cells().size());
        document.cells().forEach((path, cell) -> bytes(path.utf8()).bytes(CellBytes.of(cell)));
        return this;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
