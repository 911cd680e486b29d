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
 * A part of a file that is written at once: a mark, its length, up to where the file was on the disk before, a checksum of these and of the bytes, the bytes. A crash leaves frames torn, or full of zeros, that were not on the disk
 * yet, perhaps before others that happen to be there: these count as not there. A frame that was on the disk, by what a later one says, and is torn, is damaged.
 */
final class Frame {
    /** Is no UTF-8: texts do not have it. */
    private static final int MARK = 0xfff7d31c;

    private static final int LENGTH_AT = Integer.BYTES;
    private static final int SYNCED_AT = LENGTH_AT + Integer.BYTES;
    private static final int CHECKSUM_AT = SYNCED_AT + Long.BYTES;
    private static final int HEAD = CHECKSUM_AT + Integer.BYTES;
    /** No frame is larger. */
    private static final int MAX_BYTES = 1 << 30;
    /** What is written together, if it is not one part that is larger. */
    private static final long FULL_BYTES = 64 << 20;

    private static final int SEARCHED_BYTES = 1 << 20;

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

    /** A frame of a file that is published when it is on the disk, all of it. */
    static ByteBuffer of(List<byte[]> parts) {
        return of(parts, 0);
    }

    /**
     * A frame of parts, one after the other.
     *
     * @param synced up to where its file is on the disk
     * @throws IllegalArgumentException if they are too large together
     */
    static ByteBuffer of(List<byte[]> parts, long synced) {
        long length = parts.stream().mapToLong(part -> part.length).sum();
        if (length > MAX_BYTES) {
            throw new IllegalArgumentException("a frame has at most " + MAX_BYTES + " bytes: " + length);
        }
        ByteBuffer frame = ByteBuffer.allocate((int) size(length))
                .putInt(MARK)
                .putInt((int) length)
                .putLong(synced)
                .putInt(0);
        parts.forEach(frame::put);
        frame.flip();
        return frame.putInt(CHECKSUM_AT, checksum(frame, content(frame)));
    }

    private static int checksum(ByteBuffer head, ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(head.slice(0, CHECKSUM_AT));
        sum.update(bytes);
        return (int) sum.getValue();
    }

    /**
     * Reads a frame.
     *
     * @return null if there is none, or not all of it
     * @throws DamagedFile if it was on the disk, and is not there as it was
     */
    static byte @Nullable [] read(FileChannel file, Path name, long position) throws IOException {
        long size = file.size();
        byte @Nullable [] bytes = intact(file, position, size, head(file, position, size));
        if (bytes == null && wasWritten(file, position, size)) {
            throw new DamagedFile(name + " is damaged at byte " + position);
        }
        return bytes;
    }

    private static @Nullable ByteBuffer head(FileChannel file, long position, long size) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        return size - position >= HEAD && readFully(file, head, position) ? head.flip() : null;
    }

    private static byte @Nullable [] intact(FileChannel file, long position, long size, @Nullable ByteBuffer head)
            throws IOException {
        if (head == null || head.getInt(0) != MARK) {
            return null;
        }
        int length = head.getInt(LENGTH_AT);
        if (length < 0 || length > MAX_BYTES || size - position < size(length)) {
            return null;
        }
        byte[] bytes = new byte[length];
        boolean there = readFully(file, ByteBuffer.wrap(bytes), position + HEAD);
        return there && checksum(head, ByteBuffer.wrap(bytes)) == head.getInt(CHECKSUM_AT) ? bytes : null;
    }

    /** Whether a later frame says that a position was on the disk. */
    private static boolean wasWritten(FileChannel file, long position, long size) throws IOException {
        ByteBuffer part = ByteBuffer.allocate(SEARCHED_BYTES);
        for (long from = position + 1; size - from >= HEAD; from += SEARCHED_BYTES - HEAD) {
            part.clear().limit((int) Math.min(SEARCHED_BYTES, size - from));
            if (!readFully(file, part, from)) {
                return false;
            }
            for (int at = 0; at + HEAD <= part.limit(); at++) {
                if (part.get(at) == (byte) (MARK >> 24) && tells(file, part, at, from + at, position, size)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean tells(FileChannel file, ByteBuffer part, int at, long found, long position, long size)
            throws IOException {
        long synced = part.getLong(at + SYNCED_AT);
        return part.getInt(at) == MARK
                && synced > position
                && synced <= found
                && intact(file, found, size, head(file, found, size)) != null;
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

    /** Thrown where a file has not what this version of the store writes to it. */
    static final class DamagedFile extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedFile(String message) {
            super(message + "; put a backup of the folder back");
        }

        private DamagedFile(String message, RuntimeException cause) {
            super(message, cause);
        }

        /** A file whose bytes are as they were written, by another version of the store it seems. */
        static DamagedFile unknown(Path file, RuntimeException cause) {
            return new DamagedFile(
                    file + " is of another version of the store: " + cause.getMessage()
                            + "; start a server of that version",
                    cause);
        }
    }
}
