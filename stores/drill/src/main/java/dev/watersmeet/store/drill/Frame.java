package dev.watersmeet.store.drill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file that is written at once: its length, a checksum, its bytes. A crash leaves at most the last one of a file torn, and a torn one counts as not there.
 */
final class Frame {
    private static final int HEAD = 2 * Integer.BYTES;
    /** No frame is larger. */
    private static final int MAX_BYTES = 1 << 30;
    /** What is written together, if it is not one part that is larger. */
    private static final long FULL_BYTES = 64 << 20;

    private Frame() {}

    /** How many bytes a frame takes. */
    static long size(long bytes) {
        return HEAD + bytes;
    }

    /**
     * Up to which of some things a frame takes them, of which each is far smaller than a frame may be.
     *
     * @param from the first one, which it takes in any case
     */
    static <T> int fill(List<T> things, int from, ToIntFunction<T> length) {
        int to = from;
        long bytes = 0;
        do {
            bytes += length.applyAsInt(things.get(to++));
        } while (to < things.size() && bytes + length.applyAsInt(things.get(to)) <= FULL_BYTES);
        return to;
    }

    static ByteBuffer of(byte[] bytes) {
        return of(List.of(bytes));
    }

    /**
     * A frame of parts, one after the other.
     *
     * @throws IllegalArgumentException if they are too large together
     */
    static ByteBuffer of(List<byte[]> parts) {
        long length = parts.stream().mapToLong(part -> part.length).sum();
        if (length > MAX_BYTES) {
            throw new IllegalArgumentException("a frame has at most " + MAX_BYTES + " bytes: " + length);
        }
        ByteBuffer frame =
                ByteBuffer.allocate((int) size(length)).putInt((int) length).putInt(0);
        CRC32C sum = new CRC32C();
        for (byte[] part : parts) {
            sum.update(part);
            frame.put(part);
        }
        return frame.putInt(Integer.BYTES, (int) sum.getValue()).flip();
    }

    private static int checksum(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return (int) sum.getValue();
    }

    /**
     * Reads a frame.
     *
     * @return null if there is none, or not all of it
     * @throws IOException if it is damaged: others follow it
     */
    static byte @Nullable [] read(FileChannel file, Path name, long position) throws IOException {
        long size = file.size();
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        if (size - position < HEAD || !readFully(file, head, position)) {
            return null;
        }
        int length = head.flip().getInt();
        int checksum = head.getInt();
        if (length < 0 || length > MAX_BYTES || size - position < size(length)) {
            return null;
        }
        byte[] bytes = new byte[length];
        if (!readFully(file, ByteBuffer.wrap(bytes), position + HEAD)) {
            return null;
        }
        if (checksum(bytes) != checksum) {
            if (size > position + size(length)) {
                throw new DamagedFile(name + " is damaged at byte " + position);
            }
            return null;
        }
        return bytes;
    }

    static boolean readFully(FileChannel file, ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int read = file.read(into, at);
            if (read < 0) {
                return false;
            }
            at += read;
        }
        return true;
    }

    /** The bytes of a whole frame. */
    static ByteBuffer content(ByteBuffer frame) {
        return frame.slice(HEAD, frame.limit() - HEAD);
    }

    /** Where in the file the bytes of a frame begin. */
    static long content(long position) {
        return position + HEAD;
    }

    /** Thrown where a file has not what was written to it. */
    static final class DamagedFile extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedFile(String message) {
            super(message);
        }
    }
}
