package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.embedded.Database.Family;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Numbers and writes batches, one group after the other: a thread takes all that wait and writes them as one, with one sync of the disk, a group commit. A small write that comes while nothing is written or waits is written by its caller,
 * for whom waking another thread would take about as long as the disk.
 *
 * <p>Because nobody else draws numbers meanwhile, and a group becomes visible at once, a reader who sees an entry sees all entries below it (S-6). Thread-safe.
 */
final class Committer implements AutoCloseable {
    /** How many writes may wait; who comes then waits to be let in. */
    private static final int MAX_WAITING = 1024;
    /** How many bytes of log entries a group has, unless its first write has more. */
    private static final int MAX_GROUP_BYTES = 8 << 20;

    /** How many bytes of a log entry a caller writes by itself: RocksDB needs memory for what it writes, which each thread that has written much would keep. */
    private static final int MAX_OWN_BYTES = 32 << 10;

    private static final int MAX_EXCLUSION_MILLIS = 1000;

    private final Database database;
    private final RandomGenerator random;
    private final TimeSource time;
    /** Excludes all who use the database, for opening it anew. */
    private final Lock exclusive;

    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    /** For the thread: something waits, or nothing is written any more. */
    private final Condition changed = lock.newCondition();

    private final Condition notFull = lock.newCondition();
    private final Queue<Write> waiting = new ArrayDeque<>();
    /** Whether a group is being written. */
    private boolean writing;

    private boolean closing;

    private Committer(Database database, RandomGenerator random, TimeSource time, Lock exclusive) {
        this.database = database;
        this.random = random;
        this.time = time;
        this.exclusive = exclusive;
        this.thread = new Thread(this::run, "watersmeet-embedded-commit");
        thread.setDaemon(true);
    }

    static Committer start(Database database, RandomGenerator random, TimeSource time, Lock exclusive) {
        Committer committer = new Committer(database, random, time, exclusive);
        committer.thread.start();
        return committer;
    }

    /**
     * Writes durably and visibly.
     *
     * @return the head of the space's log after the write; before it, if the write ends the space
     */
    SpaceHead commit(Write write) {
        if (enter(write)) {
            try {
                tryWrite(List.of(write));
            } finally {
                leave();
            }
        }
        return write.await();
    }

    /** Lets a write in. True if its caller writes it; otherwise it waits for its turn. */
    private boolean enter(Write write) {
        lock.lock();
        try {
            while (waiting.size() >= MAX_WAITING && !closing) {
                notFull.awaitUninterruptibly();
            }
            if (closing) {
                throw new StoreException(StoreException.Kind.CLOSED, "the store is closed");
            }
            if (!writing && waiting.isEmpty() && write.isSmall(MAX_OWN_BYTES)) {
                writing = true;
                return true;
            }
            waiting.add(write);
            if (!writing) {
                changed.signal();
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            writing = false;
            if (!waiting.isEmpty() || closing) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Throws where nobody is let in any more. */
    void requireOpen() {
        lock.lock();
        try {
            if (closing) {
                throw new StoreException(StoreException.Kind.CLOSED, "the store is closed");
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (List<Write> group = take(); !group.isEmpty(); group = take()) {
            try {
                tryWrite(group);
            } finally {
                leave();
            }
        }
    }

    private void tryWrite(List<Write> group) {
        try {
            recover();
            write(group);
        } catch (RocksDBException | RuntimeException | Error e) {
            Throwable cause =
                    e instanceof Exception failure && !(e instanceof StoreException) ? database.failure(failure) : e;
            group.forEach(write -> write.fail(cause));
        }
    }

    /** Opens a database anew that ran out of room, if there is room now: also when the caller's thread was interrupted. */
    private void recover() {
        if (!database.isOutOfRoom()) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            reopen();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void reopen() {
        if (!Room.isThere(database.folder()) || !tryExclusive()) {
            throw Failures.noRoom(database.folder(), null);
        }
        try {
            database.reopen();
        } finally {
            exclusive.unlock();
        }
    }

    /** Does not wait long: who purges or backs up uses the database, and may itself be waiting for a write. */
    private boolean tryExclusive() {
        try {
            return exclusive.tryLock(MAX_EXCLUSION_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The writes that wait, when nobody else writes; none when the committer is closed and has written all. */
    private List<Write> take() {
        lock.lock();
        try {
            while (writing || (waiting.isEmpty() && !closing)) {
                changed.awaitUninterruptibly();
            }
            List<Write> group = new ArrayList<>(waiting.size());
            long bytes = 0;
            for (Write next = waiting.peek(); next != null; next = waiting.peek()) {
                bytes += next.bytes();
                if (!group.isEmpty() && (bytes > MAX_GROUP_BYTES || next.reads())) {
                    break;
                }
                group.add(waiting.remove());
                if (next.reads()) {
                    break;
                }
            }
            writing = !group.isEmpty();
            notFull.signalAll();
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void write(List<Write> group) throws RocksDBException {
        long now = time.millis();
        Map<ByteBuffer, Optional<SpaceHead>> heads = new LinkedHashMap<>();
        Map<Write, SpaceHead> written = new LinkedHashMap<>();
        try (WriteBatch batch = new WriteBatch()) {
            for (Write write : group) {
                ByteBuffer space = ByteBuffer.wrap(write.space());
                Optional<SpaceHead> known = heads.get(space);
                SpaceHead before = known == null ? head(write.space()) : known.orElseThrow();
                try {
                    @Nullable SpaceHead head = write.addTo(batch, before, now);
                    heads.put(space, Optional.ofNullable(head));
                    written.put(write, head == null ? before : head);
                } catch (StoreException refusal) {
                    write.fail(refusal);
                }
            }
            for (Map.Entry<ByteBuffer, Optional<SpaceHead>> head : heads.entrySet()) {
                byte[] space = head.getKey().array();
                if (head.getValue().isPresent()) {
                    batch.put(
                            database.handle(Family.DEFAULT),
                            space,
                            head.getValue().get().bytes());
                } else {
                    batch.delete(database.handle(Family.DEFAULT), space);
                }
            }
            if (batch.count() > 0) {
                database.write(batch);
            }
        }
        written.forEach(Write::complete);
    }

    private SpaceHead head(byte[] space) throws RocksDBException {
        byte @Nullable [] stored = database.get(Family.DEFAULT, space);
        return stored == null ? SpaceHead.first(random.nextLong()) : SpaceHead.parse(stored);
    }

    /** Lets nobody in any more, and waits until what waits is written. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
            notFull.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
