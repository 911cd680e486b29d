package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's log in a generation of a space. Batches that come while others are appended are appended together, by one of their threads, and share the look at the control record. After a failure nobody knows what was
 * appended, and the log ends: another one is begun, and somebody completes this one. Thread-safe.
 */
final class LogWriter {
    private static final Logger log = LoggerFactory.getLogger(LogWriter.class);

    /** Clocks of servers may be apart by so much without a word. */
    private static final long CLOCKS_APART_MILLIS = 60_000;

    private final Backend backend;
    private final SpaceKey space;
    private final long generation;
    private final long epoch;
    private final int number;
    private final long id;
    private final Supplier<Held> refresh;
    private final LongSupplier millis;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeSet<Long> finishedAhead = new TreeSet<>();
    private List<Request> waiting = new ArrayList<>();
    private boolean appending;
    private long appended;
    private long recorded;
    private long finished;
    private boolean raising;
    private long tip;
    private boolean ended;
    /** Whether the generation has been seen to have ended: then nothing more is appended, so that who erases the log knows how far it can go on. */
    private boolean over;

    /** An entry on its way into the log. */
    private static final class Request {
        final Entry entry;
        /** Made before it is its turn, so that those who append together also encode at the same time. */
        final Entry.Stored stored;

        boolean appending;

        @Nullable
        Appended result;

        @Nullable
        RuntimeException failure;

        Request(Entry entry) {
            this.entry = entry;
            this.stored = entry.stored();
        }
    }

    /**
     * An entry that was appended.
     *
     * @param entry as it is in the log
     * @param documents the stored form of its documents
     * @param sequence its sequence
     * @param after the control record as it was read afterwards
     */
    record Appended(Entry entry, ByteBuffer documents, long sequence, Held after) {}

    /**
     * The log that was registered last, and is empty.
     *
     * @param refresh reads the control record
     * @param millis the clock
     */
    LogWriter(Backend backend, Held registered, Supplier<Held> refresh, LongSupplier millis) {
        this.backend = backend;
        this.space = registered.key();
        this.generation = registered.control().generation();
        this.epoch = registered.control().epoch();
        this.number = registered.control().logs().size() - 1;
        this.id = registered.control().logs().get(number);
        this.recorded = registered.control().floor();
        long ahead = recorded - millis.getAsLong();
        if (ahead > CLOCKS_APART_MILLIS) {
            log.warn(
                    "{} was written by a server whose clock is {} s ahead of this one's: what was removed is kept longer by that",
                    space.space(),
                    ahead / 1000);
        }
        this.refresh = refresh;
        this.millis = millis;
    }

    SpaceKey space() {
        return space;
    }

    long generation() {
        return generation;
    }

    /** The epoch, which is the same for the whole generation. */
    long epoch() {
        return epoch;
    }

    int number() {
        return number;
    }

    long id() {
        return id;
    }

    /** Whether batches of a space as it is may be appended here. */
    boolean isOf(Held held) {
        lock.lock();
        try {
            return !ended
                    && !over
                    && held.control().life() == space.life()
                    && held.control().generation() == generation;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Appends an entry, and reads the control record again, which tells whether it counts.
     *
     * @return empty if the log has ended, and nothing was appended
     */
    Optional<Appended> append(Entry entry) {
        Request own = new Request(entry);
        lock.lock();
        try {
            waiting.add(own);
            while (own.result == null && own.failure == null && !ended && !over) {
                if (appending) {
                    changed.awaitUninterruptibly();
                } else {
                    appendGroup();
                }
            }
            while (own.appending) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        if (own.failure != null) {
            throw own.failure;
        }
        return Optional.ofNullable(own.result);
    }

    private void appendGroup() {
        List<Request> group = waiting.subList(0, Math.min(Backend.MAX_APPENDED, waiting.size()));
        waiting = new ArrayList<>(waiting.subList(group.size(), waiting.size()));
        appending = true;
        group.forEach(request -> request.appending = true);
        lock.unlock();
        try {
            appendAll(group);
        } finally {
            lock.lock();
            group.forEach(request -> request.appending = false);
            appending = false;
            changed.signalAll();
        }
    }

    /** Runs in one thread at a time, without the lock. */
    private void appendAll(List<Request> group) {
        List<Entry> entries = new ArrayList<>(group.size());
        List<byte[]> bytes = new ArrayList<>(group.size());
        for (Request request : group) {
            recorded = Math.max(recorded, millis.getAsLong()); // time may run backwards, the log does not
            entries.add(request.entry.recordedAt(recorded));
            bytes.add(Entry.recordedAt(recorded, request.stored.bytes()));
        }
        long first = appended + 1;
        try {
            backend.append(space, id, first, bytes);
            appended += group.size();
            Held after = refresh.get();
            if (after.control().life() != space.life() || after.control().generation() != generation) {
                endAppending();
            }
            for (int i = 0; i < group.size(); i++) {
                group.get(i).result =
                        new Appended(entries.get(i), group.get(i).stored.documents(), first + i, after);
            }
        } catch (RuntimeException e) {
            end();
            group.forEach(request -> request.failure = e);
        }
    }

    private void endAppending() {
        lock.lock();
        try {
            over = true;
        } finally {
            lock.unlock();
        }
    }

    /** Notes that an entry needs nothing more to be done: its cells are written, or it is annulled. */
    void finish(long sequence) {
        lock.lock();
        try {
            finishedAhead.add(sequence);
            while (!finishedAhead.isEmpty() && finishedAhead.first() == finished + 1) {
                finished = finishedAhead.pollFirst();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until an entry that is finished, and all before it, are below the log's tip, and raises it. */
    void awaitTip(long sequence) {
        lock.lock();
        try {
            while (tip < sequence) {
                if (ended) {
                    throw new StoreException(
                            StoreException.Kind.UNAVAILABLE,
                            "a write before this one has failed, and it is not known whether this one counts; write it again");
                }
                if (raising || finished < sequence) {
                    changed.awaitUninterruptibly();
                } else {
                    raiseTip(finished);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void raiseTip(long target) {
        raising = true;
        boolean raised = false;
        lock.unlock();
        try {
            backend.raiseTip(space, generation, id, target);
            raised = true;
        } finally {
            lock.lock();
            raising = false;
            if (raised) {
                tip = target;
            } else {
                ended = true;
            }
            changed.signalAll();
        }
    }

    /** How far the log is complete. */
    long tip() {
        lock.lock();
        try {
            return tip;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the log: nothing more is appended, and who waits is told. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
