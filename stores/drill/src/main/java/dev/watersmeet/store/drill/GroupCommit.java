package dev.watersmeet.store.drill;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Writes changes to journals: those that come while others are written are written together, by one of their threads. Thread-safe. */
final class GroupCommit {
    private final Writer writer;
    private final ReentrantLock writing = new ReentrantLock();
    private List<Request> waiting = new ArrayList<>();

    /** Writes changes, for one thread at a time. */
    @FunctionalInterface
    interface Writer {
        /** Appends changes to a journal, and notes with each where it is. */
        void write(List<Request> group) throws IOException;
    }

    /** Something that is done while nothing is written. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    /** A change on its way to the disk. */
    static final class Request {
        final Change change;
        /** Made before it is its turn, so that those who write together also encode at the same time. */
        final byte[] stored;

        private boolean done;
        private @Nullable OwnJournal journal;
        private long end;
        private @Nullable IOException failure;

        Request(Change change, byte[] stored) {
            this.change = change;
            this.stored = stored;
        }

        void written(OwnJournal into, long position) {
            journal = into;
            end = position;
        }

        /** The journal that it is in; null if the space was erased. */
        @Nullable
        OwnJournal journal() {
            return journal;
        }

        /** Where it ends in its journal. */
        long end() {
            return end;
        }
    }

    GroupCommit(Writer writer) {
        this.writer = writer;
    }

    /** Has a change written; others see it when this returns. */
    void write(Request own) throws IOException {
        synchronized (this) {
            waiting.add(own);
        }
        writing.lock();
        try {
            while (!own.done) {
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
        int size = Frame.fill(waiting, 0, request -> request.stored.length);
        List<Request> group = List.copyOf(waiting.subList(0, size));
        waiting = new ArrayList<>(waiting.subList(size, waiting.size()));
        return group;
    }

    private void writeGroup(List<Request> group) {
        try {
            writer.write(group);
            end(group, null);
        } catch (IOException e) {
            end(group, e);
        } catch (RuntimeException | Error e) {
            end(group, new IOException("a write has failed", e)); // the others have to know
            throw e;
        }
    }

    private static void end(List<Request> group, @Nullable IOException failure) {
        for (Request request : group) {
            request.failure = failure;
            request.done = true;
        }
    }

    /** Does something while nothing is written. */
    void alone(Action action) throws IOException {
        writing.lock();
        try {
            action.run();
        } finally {
            writing.unlock();
        }
    }
}
