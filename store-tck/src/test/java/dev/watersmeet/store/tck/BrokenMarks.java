package dev.watersmeet.store.tck;

import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Stores with one mistake each about the marks of pushes. */
final class BrokenMarks {
    private BrokenMarks() {}

    /** Writes the mark first, to know of repeated pushes early. */
    static final class MarkBeforeCells extends Handle {
        MarkBeforeCells(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            if (batch.mark() != null) {
                super.join(space, Batch.of(List.of(), batch.mark()));
                BrokenStores.linger();
            }
            return super.join(space, batch);
        }
    }

    /** Overwrites the mark with whatever comes. */
    static final class LastMarkStays extends Handle {
        private final Map<String, Mark> marks = new ConcurrentHashMap<>();

        LastMarkStays(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            Cursor cursor = super.join(space, batch);
            if (batch.mark() != null) {
                marks.put(space + " " + batch.mark().replica(), batch.mark());
            }
            return cursor;
        }

        @Override
        public Optional<Mark> mark(SpaceId space, ReplicaId replica) {
            data();
            return Optional.ofNullable(marks.get(space + " " + replica));
        }
    }

    /** Takes no notice of the mark that a batch expects. */
    static final class IgnoresTheFormerMark extends Handle {
        IgnoresTheFormerMark(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            return super.join(space, new Batch(batch.documents(), batch.mark(), batch.basis(), null));
        }
    }

    /** Checks the mark that a batch expects, and applies it later. */
    static final class ChecksTheFormerMarkFirst extends Handle {
        ChecksTheFormerMarkFirst(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            if (batch.mark() != null) {
                batch.checkFormer(FormerMark.of(mark(space, batch.mark().replica())));
                BrokenStores.linger();
            }
            return super.join(space, new Batch(batch.documents(), batch.mark(), batch.basis(), null));
        }
    }
}
