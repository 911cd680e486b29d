package dev.watersmeet.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** What a compressed message holds: a gzip stream of one or more members (RFC 1952, 2.2), which may be hostile. How much is read is the reader's concern. Not thread-safe. */
public final class GzipMembers extends GZIPInputStream {
    /** How many members without content may stand one after the other. Each takes a frame of the stack: a body of nothing else would need hundreds of thousands. */
    static final int MAX_EMPTY_MEMBERS = 100;

    private int nested;

    /**
     * Begins to read.
     *
     * @throws IOException also if it does not begin as gzip does
     */
    public GzipMembers(InputStream compressed) throws IOException {
        super(compressed);
    }

    /** Reads on; at the end of a member the super class calls this again, for the next one. */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (nested > MAX_EMPTY_MEMBERS) {
            throw new ZipException("more than " + MAX_EMPTY_MEMBERS + " members without content");
        }
        nested++;
        try {
            return super.read(buffer, offset, length);
        } finally {
            nested--;
        }
    }
}
