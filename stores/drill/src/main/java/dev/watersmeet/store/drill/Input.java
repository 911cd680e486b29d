package dev.watersmeet.store.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Takes apart what an {@link Output} put together. */
final class Input {
    private final ByteBuffer in;

    Input(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
    }

    char code() {
        return (char) in.get();
    }

    MalformedException unknown(char code) {
        return MalformedException.of("a stored change is one of this version of the store", String.valueOf(code));
    }

    long number() {
        return in.getLong();
    }

    byte[] bytes() {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw MalformedException.of("a stored part ends before it should: " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    String text() {
        return new String(bytes(), UTF_8);
    }

    DocumentId id() {
        return new DocumentId(text(), Value.ofCanonical(text()));
    }

    DocumentCells document() {
        DocumentId id = id();
        DocumentState cells = DocumentState.empty();
        for (long rest = number(); rest > 0; rest--) {
            cells.join(Path.parse(text()), CellBytes.parse(bytes()));
        }
        return new DocumentCells(id, cells);
    }

    <T> List<T> list(Supplier<T> member) {
        List<T> list = new ArrayList<>();
        for (long rest = number(); rest > 0; rest--) {
            list.add(member.get());
        }
        return list;
    }
}
