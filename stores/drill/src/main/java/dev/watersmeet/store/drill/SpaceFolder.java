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

    private static final long LEAST_COMPACTED_BYTES = 16 << 20;
    /** How many times what the last base had has come before another one is made: each cell is written so seldom, and a start reads no more. */
    private static final int GROWTH = 2;

    private static final long MANY_JOURNALS = 50;
    private static final long PART_BYTES = 256 << 10;
    private static final int MAX_ATTEMPTS = 100;

    private final Path folder;
    private final Disk disk;
    /** Held while changes are written. It is taken before {@link #state}. */
    private final ReentrantLock writing = new ReentrantLock();

    private final ReentrantLock state = new ReentrantLock();
    private final Journals journals;
    private final Logs logs;
    private List<Request> waiting = new ArrayList<>();
    private volatile @Nullable OwnJournal journal;
    private volatile boolean retired;
    private volatile long bytes;
    private volatile boolean isLong;

    /** A change on its way to the disk. */
    private static final class Request {
        final Change change;
        /** Made before it is its turn, so that those who write together also encode at the same time. */
        final byte[] stored;

        boolean done;
        /** Where it is; null if the space was erased. */
        @Nullable
        OwnJournal journal;

        long end;

        @Nullable
        IOException failure;

        Request(Change change, byte[] stored) {
            this.change = change;
            this.stored = stored;
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

    /** Reads what is kept, as it is now; what is answered is on the disk. */
    <T> T read(Function<Kept, T> reader) throws IOException {
        T answer;
        @Nullable OwnJournal open;
        state.lock();
        try {
            journals.follow();
            noteState();
            answer = reader.apply(journals.kept());
            open = journal;
        } finally {
            state.unlock();
        }
        if (open != null) {
            sync(open, open.end());
        }
        return answer;
    }

    /** Writes a change; it is on the disk, with all before it, and everyone reads it, when this returns. */
    void write(Change change) throws IOException {
        Request written = append(new Request(change, change.toBytes()));
        if (written.journal != null) {
            sync(written.journal, written.end);
        }
    }

    /** Writes a change of a stored form; everyone reads it when this returns, and it is on the disk when anything else was read or written, or {@linkplain #sync() synced}. */
    void writeAhead(Change change, byte[] stored) throws IOException {
        Request written = append(new Request(change, stored));
        if (retired && written.journal != null) {
            sync(written.journal, written.end);
        }
    }

    /** Waits until all that was written before is on the disk. */
    void sync() throws IOException {
        @Nullable OwnJournal open = journal;
        if (open != null) {
            sync(open, open.end());
        }
    }

    private void sync(OwnJournal open, long position) throws IOException {
        try {
            open.sync(position);
        } catch (IOException e) {
            writing.lock();
            try {
                if (journal == open) {
                    forget(open);
                }
            } finally {
                writing.unlock();
            }
            throw e;
        }
    }

    /** Waits until all is on the disk that was written, and lets nothing be written from now on that is not at once. */
    void retire() throws IOException {
        retired = true;
        sync();
    }

    private Request append(Request own) throws IOException {
        synchronized (this) {
            waiting.add(own);
        }
        writing.lock();
        try {
            while (!own.done) {
                appendGroup(takeWaiting());
            }
        } finally {
            writing.unlock();
        }
        if (own.failure != null) {
            throw own.failure;
        }
        return own;
    }

    private synchronized List<Request> takeWaiting() {
        int size = Frame.fill(waiting, 0, request -> request.stored.length);
        List<Request> group = List.copyOf(waiting.subList(0, size));
        waiting = new ArrayList<>(waiting.subList(size, waiting.size()));
        return group;
    }

    private void appendGroup(List<Request> group) {
        @Nullable IOException failure = new IOException("nothing was written to " + folder);
        try {
            appendAll(group);
            failure = null;
        } catch (IOException e) {
            failure = e;
        } finally {
            for (Request request : group) {
                request.failure = failure;
                request.done = true;
            }
        }
    }

    /** Appends changes to this process's journal: to another one if that was sealed meanwhile, which does no harm where they are in both. */
    private void appendAll(List<Request> group) throws IOException {
        List<byte[]> parts =
                Change.parts(group.stream().map(request -> request.stored).toList());
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            if (!Files.isDirectory(folder)) {
                return; // the space was erased: it is written to in vain
            }
            OwnJournal open = open();
            boolean written = false;
            try {
                open.append(parts);
                written = journals.isOpen(open.name());
            } finally {
                if (!written) {
                    end(open);
                }
            }
            if (written) {
                applied(open, group);
                return;
            }
        }
        throw new IOException("journals are sealed faster than they are written in " + folder);
    }

    private OwnJournal open() throws IOException {
        @Nullable OwnJournal open = journal;
        if (open == null) {
            disk.createFolder(folder.resolve("cells"));
            state.lock();
            try {
                open = journals.begin();
            } finally {
                state.unlock();
            }
            journal = open;
        }
        return open;
    }

    /** Appends to a journal no more. */
    private void end(OwnJournal open) throws IOException {
        try {
            open.sync(open.end());
        } catch (IOException e) {
            forget(open);
            throw e;
        }
        state.lock();
        try {
            journals.end(open.name());
            journal = null;
        } finally {
            state.unlock();
        }
    }

    /** Forgets what is in memory, for nobody knows what of it is on the disk: that is read anew. */
    private void forget(OwnJournal open) {
        state.lock();
        try {
            journals.end(open.name());
            journals.forget();
            journal = null;
        } finally {
            state.unlock();
        }
    }

    private void applied(OwnJournal open, List<Request> group) throws IOException {
        long end = open.end();
        state.lock();
        try {
            journals.applied(
                    open.name(),
                    end,
                    group.stream().map(request -> request.change).toList());
            noteState();
        } finally {
            state.unlock();
        }
        for (Request request : group) {
            request.journal = open;
            request.end = end;
        }
        if (end > MAX_JOURNAL_BYTES) {
            end(open);
        }
    }

    private void noteState() {
        bytes = journals.kept().bytes();
        isLong = journals.newJournals() > MANY_JOURNALS
                || journals.newBytes() > Math.max(LEAST_COMPACTED_BYTES, GROWTH * journals.baseBytes());
    }

    /** Whether a base is worth while: much more has come since the last one than that had. */
    boolean isLong() {
        return isLong;
    }

    /**
     * Makes a base of all that is kept, and deletes what the one before has covered. Others read and write meanwhile.
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
        long before = read(kept -> journals.base());
        Set<String> sealed = journals.seal();
        Journals.Planned planned;
        state.lock();
        try {
            journals.follow();
            if (journals.base() != before) {
                return false;
            }
            planned = journals.plan(sealed);
        } finally {
            state.unlock();
        }
        return journals.publish(planned, () -> next(planned)) && deleteReplaced(planned);
    }

    private List<byte[]> next(Journals.Planned planned) {
        state.lock();
        try {
            return planned.description().next(PART_BYTES);
        } finally {
            state.unlock();
        }
    }

    private boolean deleteReplaced(Journals.Planned published) throws IOException {
        List<Path> replaced;
        state.lock();
        try {
            replaced = journals.replaced(published);
            noteState();
        } finally {
            state.unlock();
        }
        for (Path file : replaced) {
            disk.delete(file);
        }
        return true;
    }
}
