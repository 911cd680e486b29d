package dev.watersmeet.store.tck;

import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.Subscription;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Stores with one mistake each in how they wake, restart and close. */
final class BrokenLifetimes {
    private BrokenLifetimes() {}

    /** Tells nobody. */
    static final class NeverCalls extends Handle {
        NeverCalls(Store data) {
            super(data);
        }

        @Override
        public Subscription watch(SpaceId space, Runnable listener) {
            return () -> {};
        }
    }

    /** Calls listeners under the lock that closing a subscription takes. */
    static final class ClosesAfterTheListener extends Handle {
        ClosesAfterTheListener(Store data) {
            super(data);
        }

        @Override
        public Subscription watch(SpaceId space, Runnable listener) {
            ReentrantLock lock = new ReentrantLock();
            Subscription watched = super.watch(space, () -> {
                lock.lock();
                try {
                    listener.run();
                } finally {
                    lock.unlock();
                }
            });
            return () -> {
                lock.lock();
                try {
                    watched.close();
                } finally {
                    lock.unlock();
                }
            };
        }
    }

    /** Goes on after it was closed. */
    static final class StaysOpen extends Handle {
        StaysOpen(Store data) {
            super(data);
        }

        @Override
        public void close() {}
    }

    /** Names every process that ever was in its cursors. */
    static final class CursorsGrow extends Handle {
        private static final String LONG_NAME = ";00000000-0000-0000-0000-000000000000=00000000000000000000";
        private static final String SHORT_NAME = ";00000000=000";
        private static final Map<Store, Integer> PROCESSES = new ConcurrentHashMap<>();
        private final String name;
        private final int processes;

        private CursorsGrow(Store data, String name) {
            super(data);
            this.name = name;
            this.processes = PROCESSES.merge(data, 1, Integer::sum);
        }

        static CursorsGrow fast(Store data) {
            return new CursorsGrow(data, LONG_NAME);
        }

        /** Within the bound as long as a test lasts. */
        static CursorsGrow slowly(Store data) {
            return new CursorsGrow(data, SHORT_NAME);
        }

        private Cursor grown(Cursor cursor) {
            return new Cursor(cursor.text() + name.repeat(processes));
        }

        private Cursor shrunk(Cursor cursor) {
            return new Cursor(cursor.text().replace(name, ""));
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            return grown(super.join(space, batch));
        }

        @Override
        public Cursor head(SpaceId space) {
            return grown(super.head(space));
        }

        @Override
        public Changes changes(SpaceId space, Cursor after, int limit) {
            Changes page = super.changes(space, shrunk(after), limit);
            return new Changes(page.documents(), page.dropped(), grown(page.cursor()), page.more());
        }
    }

    /** Leaves those who wait waiting. */
    static final class ClosesInSilence extends Handle {
        ClosesInSilence(Store data) {
            super(data);
        }

        @Override
        public Subscription watch(SpaceId space, Runnable listener) {
            return data().watch(space, listener);
        }
    }
}
