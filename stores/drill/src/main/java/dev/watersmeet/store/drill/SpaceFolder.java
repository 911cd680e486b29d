package dev.watersmeet.store.drill;

import dev.watersmeet.store.drill.GroupCommit.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one life of a space, with what is kept of it in memory. Thread-safe.
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
    /** Its turn is taken before {@link #state}. */
    private final GroupCommit commits = new GroupCommit(this::appendAll);

    private final ReentrantLock state = new ReentrantLock();
    private final Journals journals;
    private final Logs logs;
    /** What may not be on the disk yet. Guarded by itself. */
    private final Set<Request> unsynced = new LinkedHashSet<>();

    private volatile @Nullable OwnJournal journal;
    private volatile boolean retired;
    private volatile long bytes;
    private volatile boolean isLong;

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
        return bytes + logs.bytes();
    }

    /** Reads what is kept, as it is now; what is answered is on the disk. */
    <T> T read(Function<Kept, T> reader) throws IOException {
        restore();
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
        Request written = new Request(change, change.toBytes());
        commits.write(written);
        sync(written);
    }

    /** Writes a change of a stored form; everyone reads it when this returns, and it is on the disk when anything else was read or written, or {@linkplain #sync() synced}. */
    void writeAhead(Change change, byte[] stored) throws IOException {
        Request written = new Request(change, stored);
        commits.write(written);
        if (retired) {
            sync(written);
        }
    }

    /** Waits until all that was written before is on the disk. */
    void sync() throws IOException {
        restore();
        @Nullable OwnJournal open = journal;
        if (open != null) {
            sync(open, open.end());
        }
    }

    private void sync(Request written) throws IOException {
        @Nullable OwnJournal into = written.journal();
        if (into != null) {
            sync(into, written.end());
        }
    }

    private void sync(OwnJournal open, long position) throws IOException {
        try {
            open.sync(position);
            noteSynced(open);
        } catch (IOException e) {
            commits.alone(() -> {
                if (journal == open) {
                    forget(open);
                }
            });
            throw e;
        }
    }

    private void noteSynced(OwnJournal open) {
        synchronized (unsynced) {
            unsynced.removeIf(request -> request.journal() == open && request.end() <= open.synced());
        }
    }

    /** Writes again what the disk may have lost when it failed. */
    private void restore() throws IOException {
        if (journal == null && hasLost()) {
            commits.alone(() -> appendAll(List.of()));
        }
    }

    /** Waits until all is on the disk that was written, and lets nothing be written from now on that is not at once. */
    void retire() throws IOException {
        retired = true;
        try {
            sync();
        } catch (IOException e) {
            retired = false; // it stays in use
            throw e;
        }
    }

    /**
     * Appends changes to this process's journal: to another one if that was sealed meanwhile, which does no harm where they are in both. If the disk has failed what was not on it goes before them: whoever wrote that counts on it,
     * and has perhaps not told anybody yet.
     */
    private void appendAll(List<Request> requests) throws IOException {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            if (!Files.isDirectory(folder)) {
                return; // the space was erased: it is written to in vain
            }
            List<Request> group = journal == null ? withLost(requests) : requests;
            if (group.isEmpty()) {
                return;
            }
            OwnJournal open = open();
            boolean written = false;
            try {
                for (int from = 0, to; from < group.size(); from = to) {
                    to = Frame.fill(group, from, request -> request.stored.length);
                    open.append(Change.parts(group.subList(from, to).stream()
                            .map(request -> request.stored)
                            .toList()));
                }
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

    private boolean hasLost() {
        synchronized (unsynced) {
            return !unsynced.isEmpty();
        }
    }

    private List<Request> withLost(List<Request> requests) {
        synchronized (unsynced) {
            List<Request> all = new ArrayList<>(unsynced);
            all.addAll(requests);
            return all;
        }
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
            noteSynced(open);
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
        synchronized (unsynced) {
            group.forEach(request -> request.written(open, end));
            unsynced.addAll(group);
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
        commits.alone(() -> {
            if (journal != null) {
                end(journal);
            }
        });
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
