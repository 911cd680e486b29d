package dev.watersmeet.store.drill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A journal that this process appends to. What was appended is seen by other processes at once, and is on the disk when it was {@linkplain #sync synced}; who waits for that at the same time does so together. One thread at a
 * time appends; otherwise thread-safe.
 */
final class OwnJournal {
    private final String name;
    private final Path file;
    private final Disk disk;
    private final ReentrantLock syncing = new ReentrantLock();
    private volatile long appended;
    private volatile long synced;
    /** Guarded by {@link #syncing}. */
    private boolean failed;

    OwnJournal(String name, Path file, Disk disk) {
        this.name = name;
        this.file = file;
        this.disk = disk;
    }

    String name() {
        return name;
    }

    /** Up to where it was appended to. */
    long end() {
        return appended;
    }

    /** Up to where it is on the disk. */
    long synced() {
        return synced;
    }

    void append(List<byte[]> parts) throws IOException {
        ByteBuffer frame = Frame.of(parts, synced);
        long end = appended + frame.remaining();
        disk.write(file, appended, frame);
        appended = end;
    }

    /** Waits until what was appended before a position is on the disk. After it has failed once nobody knows what is there, and it fails for ever. */
    void sync(long position) throws IOException {
        if (synced >= position) {
            return;
        }
        syncing.lock();
        try {
            if (synced < position) {
                if (failed) {
                    throw new IOException("what was appended to " + file + " may not be on the disk");
                }
                failed = true;
                long end = appended;
                syncFile();
                failed = false;
                synced = end;
            }
        } finally {
            syncing.unlock();
        }
    }

    private void syncFile() throws IOException {
        try {
            disk.syncContents(file);
            if (synced == 0) {
                disk.sync(Disk.parent(file));
            }
        } catch (NoSuchFileException e) {
            return; // it was covered by a base, which is on the disk, or the space was erased
        }
    }
}
