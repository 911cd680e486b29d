package dev.watersmeet.crdt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A cell as bytes for stores: one sequence of bytes for one cell, and their unsigned order is the order of cells (M-8). So a store that keeps the greater bytes at each path merges, without
 * reading and without knowing what a cell is.
 *
 * <p>The stamp's time (8 bytes, big-endian) and replica (8), the form (1), and the value's canonical text in UTF-8. The form's first bit says whether the cell is removed, the other seven are
 * the version of this encoding. Nothing follows where there is no value: no value's text is empty, and a prefix is below what it begins.
 */
public final class CellBytes {
    /** The version that is written. */
    public static final int VERSION = 1;

    /** The bytes in front of a value. */
    public static final int HEAD = Long.BYTES + Long.BYTES + 1;

    private static final int REMOVED = 0x80;

    private static final byte[] NO_TEXT = {};
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private CellBytes() {}

    /** The bytes of a cell. */
    public static byte[] of(Cell cell) {
        Value value = cell.value();
        byte[] text = value == null ? NO_TEXT : value.text().getBytes(UTF_8);
        byte[] bytes = new byte[HEAD + text.length];
        LONG.set(bytes, 0, cell.stamp().time());
        LONG.set(bytes, Long.BYTES, cell.stamp().replica().bits());
        bytes[HEAD - 1] = (byte) (cell.removed() ? REMOVED | VERSION : VERSION);
        System.arraycopy(text, 0, bytes, HEAD, text.length);
        return bytes;
    }

    /**
     * The cell of bytes that {@link #of} made. The value's text is taken as it is.
     *
     * @throws MalformedException if the bytes are too few, or of another version
     */
    public static Cell parse(byte[] bytes) {
        if (bytes.length < HEAD) {
            throw MalformedException.of(
                    "a stored cell has at least " + HEAD + " bytes",
                    HexFormat.of().formatHex(bytes));
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Stamp stamp = new Stamp(in.getLong(), new ReplicaId(in.getLong()));
        byte form = in.get();
        int version = form & 0x7f;
        if (version != VERSION) {
            throw MalformedException.of("a stored cell is of version " + VERSION, "version " + version);
        }
        @Nullable Value value = in.hasRemaining() ? Value.ofCanonical(bytes, HEAD, in.remaining()) : null;
        return new Cell(stamp, form < 0, value);
    }
}
