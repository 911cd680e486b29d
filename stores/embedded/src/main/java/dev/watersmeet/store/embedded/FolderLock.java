package dev.watersmeet.store.embedded;

import dev.watersmeet.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds the folder of a database for one user, from before its logs are looked at. RocksDB's own lock comes too late for that, and must not be touched: where locks are POSIX's, closing any channel to its file would release it. For the same reason a
 * folder that is held by this process is refused before its file is opened.
 */
final class FolderLock implements AutoCloseable {
    private static final String FILE = "IN-USE";

    /** The folders that this process holds. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Locks a folder, creating it if there is none.
     *
     * @throws StoreException of kind {@code UNUSABLE} if somebody holds it
     */
    static FolderLock of(Path folder) throws IOException {
        Path real = Files.createDirectories(folder).toRealPath();
        if (!HELD.add(real)) {
            throw Failures.inUse(folder, null);
        }
        FolderLock lock = null;
        try {
            FileChannel channel =
                    FileChannel.open(real.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw Failures.inUse(folder, null);
            }
            lock = new FolderLock(real, channel);
            return lock;
        } finally {
            if (lock == null) {
                HELD.remove(real);
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Failures.failure(folder, e);
        } finally {
            HELD.remove(folder);
        }
    }
}
