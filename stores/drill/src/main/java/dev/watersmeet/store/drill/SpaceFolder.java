package dev.watersmeet.store.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one life of a space, with what is kept of it in memory. Changes that come while others are written are written together, with one wait for the disk. Thread-safe.
 */
final class SpaceFolder {
    /** A journal is not appended to beyond this, so that what a base covers can be deleted. */
    private static final long MAX_JOURNAL_BYTES = 64 << 20;

    private static final long LEAST_COMPACTED_BYTES = 8 << 20;
    private static final long MANY_JOURNALS = 50;
    private static final int MAX_ATTEMPTS = 100;

    private final Path folder;
    private final Disk disk;
    /** Held while changes are written. It is taken before {@link #state}. */
    private final ReentrantLock writing = new ReentrantLock();

    private final ReentrantLock state = new ReentrantLock();
    private final Journals journals;
    private final Logs logs;
    private List<Request> waiting = new ArrayList<>();
    private @Nullable String journal;
    private volatile long bytes;

    /** A change on its way to the disk. */
    private static final class Request {
        final Change change;
        boolean done;

        @Nullable
        IOException failure;

        Request(Change change) {
            this.change = change;
        }
    }

    SpaceFolder(Path folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
        this.journals = new Journals(folder.resolve("cells"), disk);
        this.logs = new Logs(folder.resolve("logs"), disk);
    }

    /** The space's logs. */
    Logs logs() {
        return logs;
    }

    Path folder() {
        return folder;
    }

    /** About how many bytes of memory it takes. */
    long bytes() {
        return bytes;
    }

    /** Reads what is kept, as it is now. */
    <T> T read(Function<Kept, T> reader) throws IOException {
        state.lock();
        try {
            journals.follow();
            bytes = journals.kept().bytes();
            return reader.apply(journals.kept());
        } finally {
            state.unlock();
        }
    }

    /** Writes a change; it is on the disk, and everyone reads it, when this returns. */
    void write(Change change) throws IOException {
        Request own = new Request(change);
        synchronized (this) {
            waiting.add(own);
        }
        writing.lock();
        try {
            if (!own.done) {
                writeGroup(takeWaiting());
            }
        } finally {
            writing.unlock();
        }
        if (own.failure != null) {
            throw own.failure;
        }
    }

    private synchronized List<Request> takeWaiting() {
        List<Request> group = waiting;
        waiting = new ArrayList<>();
        return group;
    }

    private void writeGroup(List<Request> group) {
        try {
            append(group.stream().map(request -> request.change).toList());
        } catch (IOException e) {
            group.forEach(request -> request.failure = e);
        } finally {
            group.forEach(request -> request.done = true);
        }
    }

    /** Appends changes to this process's journal: to another one if that was sealed meanwhile, which does no harm where they are in both. */
    private void append(List<Change> changes) throws IOException {
        byte[] frame = Change.toBytes(changes);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            if (!Files.isDirectory(folder)) {
                return; // the space was erased: it is written to in vain
            }
            String open = open();
            long position = position(open);
            boolean written = false;
            try {
                disk.append(journals.file(open), position, Frame.of(frame));
                written = journals.isOpen(open);
            } finally {
                if (!written) {
                    end(open);
                }
            }
            if (written) {
                applied(open, position + Frame.size(frame.length), changes);
                return;
            }
        }
        throw new IOException("journals are sealed faster than they are written in " + folder);
    }

    private String open() throws IOException {
        if (journal == null) {
            disk.createFolder(folder.resolve("cells"));
            state.lock();
            try {
                journal = journals.begin();
            } finally {
                state.unlock();
            }
        }
        return journal;
    }

    private long position(String open) {
        state.lock();
        try {
            return journals.position(open);
        } finally {
            state.unlock();
        }
    }

    private void end(String open) {
        state.lock();
        try {
            journals.end(open);
            journal = null;
        } finally {
            state.unlock();
        }
    }

    private void applied(String open, long position, List<Change> changes) {
        state.lock();
        try {
            journals.applied(open, position, changes);
            bytes = journals.kept().bytes();
        } finally {
            state.unlock();
        }
        if (position > MAX_JOURNAL_BYTES) {
            end(open);
        }
    }

    /** Whether a base is worth while: more has come since the last one than that had. */
    boolean isLong() {
        state.lock();
        try {
            return journals.newJournals() > MANY_JOURNALS
                    || journals.newBytes() > Math.max(LEAST_COMPACTED_BYTES, journals.baseBytes());
        } finally {
            state.unlock();
        }
    }

    /**
     * Makes a base of all that is kept, and deletes what the one before has covered.
     *
     * @return false if somebody else has made one meanwhile
     */
    boolean compact() throws IOException {
        writing.lock();
        try {
            if (journal != null) {
                end(journal);
            }
        } finally {
            writing.unlock();
        }
        state.lock();
        try {
            journals.follow();
            long before = journals.base();
            Set<String> sealed = journals.seal();
            journals.follow();
            return journals.base() == before && journals.publish(sealed);
        } finally {
            state.unlock();
        }
    }
}
