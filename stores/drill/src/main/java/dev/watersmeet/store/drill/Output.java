package dev.watersmeet.store.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Puts stored forms together; an {@link Input} takes them apart. Not thread-safe. */
final class Output {
    private static final int FIRST_ROOM = 256;

    private ByteBuffer out;

    Output() {
        this(FIRST_ROOM);
    }

    /** @param room about how many bytes it will have */
    Output(int room) {
        out = ByteBuffer.allocate(room);
    }

    private ByteBuffer room(int more) {
        if (out.remaining() < more) {
            int needed = Math.addExact(out.position(), more);
            int room = (int) Math.min(Integer.MAX_VALUE, Math.max(needed, 2L * out.capacity()));
            out = ByteBuffer.allocate(room).put(out.flip());
        }
        return out;
    }

    Output code(char code) {
        room(1).put((byte) code);
        return this;
    }

    Output number(long number) {
        room(Long.BYTES).putLong(number);
        return this;
    }

    Output bytes(byte[] bytes) {
        room(Integer.BYTES + bytes.length).putInt(bytes.length).put(bytes);
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
        return Arrays.copyOf(out.array(), out.position());
    }
}
