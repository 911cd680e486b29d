package dev.watersmeet.transport.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes as they come, in pieces, until all are there. An array that doubles would be copied again and again, and from half a megabyte on Java's collector treats it as huge, which means a collection for nearly each. Not thread-safe.
 */
final class Pieces {
    private static final int PIECE_BYTES = 1 << 14;

    private final List<byte[]> full = new ArrayList<>();
    private byte[] last = new byte[PIECE_BYTES];
    private int filled;

    /** How many bytes there are. */
    int size() {
        return full.size() * PIECE_BYTES + filled;
    }

    /**
     * Waits for bytes, and takes what comes at once.
     *
     * @return how many bytes came; -1 at the end
     */
    int read(InputStream source) throws IOException {
        if (filled == PIECE_BYTES) {
            full.add(last);
            last = new byte[PIECE_BYTES];
            filled = 0;
        }
        int read = source.read(last, filled, PIECE_BYTES - filled);
        filled += Math.max(0, read);
        return read;
    }

    /** All bytes. */
    byte[] toBytes() {
        byte[] bytes = new byte[size()];
        for (int i = 0; i < full.size(); i++) {
            System.arraycopy(full.get(i), 0, bytes, i * PIECE_BYTES, PIECE_BYTES);
        }
        System.arraycopy(last, 0, bytes, full.size() * PIECE_BYTES, filled);
        return bytes;
    }
}
