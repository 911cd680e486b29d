package dev.watersmeet.transport.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** What a gzip stream of one or more members holds (RFC 1952, 2.2). Not thread-safe. */
final class GzipMembers extends GZIPInputStream {
    /** How many members without content may stand one after the other. Each takes a frame of the stack: a body of nothing else would need hundreds of thousands. */
    static final int MAX_EMPTY_MEMBERS = 100;

    private int nested;

    GzipMembers(InputStream compressed) throws IOException {
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
