package dev.watersmeet.store.tck;

import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.Subscription;

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
        private static final String PROCESS = ";00000000-0000-0000-0000-000000000000=00000000000000000000";
        private static int processes;

        CursorsGrow(Store data) {
            super(data);
            processes++;
        }

        private static Cursor grown(Cursor cursor) {
            return new Cursor(cursor.text() + PROCESS.repeat(processes));
        }

        private static Cursor shrunk(Cursor cursor) {
            return new Cursor(cursor.text().replace(PROCESS, ""));
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
