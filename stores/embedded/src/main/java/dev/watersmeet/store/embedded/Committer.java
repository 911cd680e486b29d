package dev.watersmeet.store.embedded;

import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.embedded.Database.Family;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The one thread that numbers and writes batches. It takes all that wait and writes them as one, with one sync of the disk: a group commit.
 *
 * <p>Because nobody else draws numbers, and a group becomes visible at once, a reader who sees an entry sees all entries below it (S-6).
 */
final class Committer implements AutoCloseable {
    /** How many writes may wait; who comes then waits to be let in. */
    private static final int MAX_WAITING = 1024;
    /** How many bytes of log entries a group has, unless its first write has more. */
    private static final int MAX_GROUP_BYTES = 8 << 20;

    private final Database database;
    private final RandomGenerator random;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final Condition notFull = lock.newCondition();
    private final Queue<Write> waiting = new ArrayDeque<>();
    private boolean closing;

    private Committer(Database database, RandomGenerator random) {
        this.database = database;
        this.random = random;
        this.thread = new Thread(this::run, "watersmeet-embedded-commit");
        thread.setDaemon(true);
    }

    static Committer start(Database database, RandomGenerator random) {
        Committer committer = new Committer(database, random);
        committer.thread.start();
        return committer;
    }

    /**
     * Writes durably and visibly.
     *
     * @return the head of the space's log after the write
     */
    SpaceHead commit(Write write) {
        lock.lock();
        try {
            while (waiting.size() >= MAX_WAITING && !closing) {
                notFull.awaitUninterruptibly();
            }
            if (closing) {
                throw new StoreException(StoreException.Kind.CLOSED, "the store is closed");
            }
            waiting.add(write);
            notEmpty.signal();
        } finally {
            lock.unlock();
        }
        return write.await();
    }

    private void run() {
        List<Write> group = take();
        while (!group.isEmpty()) {
            try {
                write(group);
            } catch (RocksDBException | RuntimeException | Error e) {
                for (Write write : group) {
                    write.fail(e);
                }
            }
            group = take();
        }
    }

    /** The writes that wait; none when the committer is closed and has written all. */
    private List<Write> take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closing) {
                notEmpty.awaitUninterruptibly();
            }
            List<Write> group = new ArrayList<>();
            long bytes = 0;
            for (Write next = waiting.peek(); next != null; next = waiting.peek()) {
                bytes += next.bytes();
                if (!group.isEmpty() && bytes > MAX_GROUP_BYTES) {
                    break;
                }
                group.add(waiting.remove());
            }
            notFull.signalAll();
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void write(List<Write> group) throws RocksDBException {
        Map<ByteBuffer, SpaceHead> heads = new LinkedHashMap<>();
        List<SpaceHead> results = new ArrayList<>(group.size());
        try (WriteBatch batch = new WriteBatch()) {
            for (Write write : group) {
                ByteBuffer space = ByteBuffer.wrap(write.space());
                @Nullable SpaceHead known = heads.get(space);
                SpaceHead before = known == null ? head(write.space()) : known;
                SpaceHead head = write.addTo(batch, database, before);
                heads.put(space, head);
                results.add(head);
            }
            for (Map.Entry<ByteBuffer, SpaceHead> head : heads.entrySet()) {
                batch.put(
                        database.handle(Family.DEFAULT),
                        head.getKey().array(),
                        head.getValue().bytes());
            }
            database.write(batch);
        }
        for (int i = 0; i < group.size(); i++) {
            group.get(i).complete(results.get(i));
        }
    }

    private SpaceHead head(byte[] space) throws RocksDBException {
        byte @Nullable [] stored = database.get(Family.DEFAULT, space);
        return stored == null ? new SpaceHead(random.nextLong(), 0) : SpaceHead.parse(stored);
    }

    /** Lets nobody in any more, and waits until what waits is written. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            notEmpty.signalAll();
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
