package dev.watersmeet.store.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Whether a disk that was full has room again, found out by writing. */
final class Room {
    private static final int PROBE_BYTES = 4 << 20;
    private static final String PROBE = "probe.tmp"; // RocksDB deletes such files when it opens

    private Room() {}

    /** Whether a few MiB can be written in a folder. */
    static boolean isThere(Path folder) {
        Path probe = folder.resolve(PROBE);
        try {
            try (FileChannel out = FileChannel.open(
                    probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.allocate(PROBE_BYTES);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(false);
            } finally {
                Files.deleteIfExists(probe);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
