package dev.watersmeet.store.drill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file that is written at once: its length, a checksum, its bytes. A crash leaves at most the last one of a file torn, and a torn one counts as not there.
 */
final class Frame {
    private static final int HEAD = 2 * Integer.BYTES;
    /** No frame is larger: a group of entries, of which each has less than 18 MiB. */
    static final int MAX_BYTES = 1 << 30;

    private Frame() {}

    /** How many bytes a frame takes. */
    static long size(int bytes) {
        return HEAD + (long) bytes;
    }

    static ByteBuffer of(byte[] bytes) {
        return ByteBuffer.allocate(HEAD + bytes.length)
                .putInt(bytes.length)
                .putInt(checksum(bytes))
                .put(bytes)
                .flip();
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
