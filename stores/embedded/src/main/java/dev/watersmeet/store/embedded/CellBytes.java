package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A cell as bytes whose unsigned order is the order of cells (M-8), so that the database can merge by keeping the greater.
 *
 * <p>Time (8 bytes, big-endian), replica (8), removed (1), the value's UTF-8. Nothing follows where there is no value: no value's text is empty, and a prefix is below what it begins.
 */
final class CellBytes {
    private static final int HEAD = Long.BYTES + Long.BYTES + 1;

    private CellBytes() {}

    static byte[] of(Cell cell) {
        byte[] value = cell.value() == null ? new byte[0] : cell.value().text().getBytes(UTF_8);
        return ByteBuffer.allocate(HEAD + value.length)
                .putLong(cell.stamp().time())
                .putLong(cell.stamp().replica().bits())
                .put((byte) (cell.removed() ? 1 : 0))
                .put(value)
                .array();
    }

    static Cell parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Stamp stamp = new Stamp(in.getLong(), new ReplicaId(in.getLong()));
        boolean removed = in.get() == 1;
        @Nullable
        Value value = in.hasRemaining() ? Value.ofCanonical(new String(bytes, HEAD, in.remaining(), UTF_8)) : null;
        return new Cell(stamp, removed, value);
    }
}
