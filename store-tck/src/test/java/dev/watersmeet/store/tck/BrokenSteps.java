package dev.watersmeet.store.tck;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Maintenance;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Stores that do in several steps, or by what they know themselves, what has to be one step of all. */
final class BrokenSteps {
    private BrokenSteps() {}

    /** Knows which documents have changed, and reads them one by one as they are by then. */
    static final class ReadsTheNewestOneByOne extends Handle {
        ReadsTheNewestOneByOne(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            BrokenStores.linger();
            return super.join(space, batch);
        }

        @Override
        public Changes changes(SpaceId space, Cursor after, int limit) {
            Changes page = super.changes(space, after, limit);
            List<DocumentId> changed = page.documents().stream()
                    .map(DocumentCells::id)
                    .sorted(Comparator.naturalOrder())
                    .toList();
            List<DocumentCells> newest = new ArrayList<>();
            for (DocumentId id : changed) {
                DocumentState state = read(space, List.of(id)).getOrDefault(id, DocumentState.empty());
                newest.add(new DocumentCells(id, state));
                LockSupport.parkNanos(5_000_000);
            }
            return new Changes(newest, page.dropped(), page.cursor(), page.more());
        }
    }

    /** Finds marks in the log, and trims it. */
    static final class TrimsMarksWithTheLog extends Handle {
        private final Map<ReplicaId, Mark> marks = new ConcurrentHashMap<>();

        TrimsMarksWithTheLog(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            if (batch.mark() != null) {
                marks.put(batch.mark().replica(), batch.mark());
            }
            return super.join(space, batch);
        }

        @Override
        public Optional<Mark> mark(SpaceId space, ReplicaId replica) {
            data();
            return Optional.ofNullable(marks.get(replica));
        }

        @Override
        public Maintenance maintenance() {
            return new HandleMaintenance() {
                @Override
                public Purged purge(SpaceId space, Instant before) {
                    marks.clear();
                    return super.purge(space, before);
                }
            };
        }
    }

    /** Deletes cells and log, then metadata. */
    static final class DeletesMetadataLater extends Handle {
        private final Map<String, String> values = new ConcurrentHashMap<>();

        DeletesMetadataLater(Store data) {
            super(data);
        }

        @Override
        public Metadata metadata(SpaceId space) {
            return new Metadata() {
                @Override
                public Optional<String> get(String key) {
                    return Optional.ofNullable(values.get(key));
                }

                @Override
                public boolean compareAndSet(String key, @Nullable String expected, String value) {
                    return expected == null
                            ? values.putIfAbsent(key, value) == null
                            : values.replace(key, expected, value);
                }
            };
        }

        @Override
        public Maintenance maintenance() {
            return new HandleMaintenance() {
                @Override
                public void deleteSpace(SpaceId space) {
                    super.deleteSpace(space);
                    BrokenStores.linger();
                    values.clear();
                }
            };
        }
    }

    /** Deletes cells and log, then marks. */
    static final class DeletesMarksLater extends Handle {
        private final Map<ReplicaId, Mark> marks = new ConcurrentHashMap<>();

        DeletesMarksLater(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            Cursor cursor = super.join(space, batch);
            if (batch.mark() != null) {
                marks.put(batch.mark().replica(), batch.mark());
            }
            return cursor;
        }

        @Override
        public Optional<Mark> mark(SpaceId space, ReplicaId replica) {
            return Optional.ofNullable(marks.get(replica));
        }

        @Override
        public Maintenance maintenance() {
            return new HandleMaintenance() {
                @Override
                public void deleteSpace(SpaceId space) {
                    super.deleteSpace(space);
                    BrokenStores.linger();
                    marks.clear();
                }
            };
        }
    }

    /** Purges by its own log, and by those of others who have said farewell. */
    static final class LosesTheTail extends Handle {
        private static final Queue<LosesTheTail> INSTANCES = new ConcurrentLinkedQueue<>();

        private final Store shared;
        private final Set<DocumentId> tail = ConcurrentHashMap.newKeySet();
        private final Set<DocumentId> lost = ConcurrentHashMap.newKeySet();

        LosesTheTail(Store data) {
            super(data);
            this.shared = data;
            INSTANCES.add(this);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            batch.documents().forEach(document -> tail.add(document.id()));
            return super.join(space, batch);
        }

        @Override
        public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
            Scan page = super.scan(space, position, limit);
            List<DocumentCells> kept = page.documents().stream()
                    .filter(document -> !lost.contains(document.id()))
                    .toList();
            return new Scan(kept, page.position());
        }

        @Override
        public Maintenance maintenance() {
            return new HandleMaintenance() {
                @Override
                public Purged purge(SpaceId space, Instant before) {
                    INSTANCES.stream()
                            .filter(other -> other != LosesTheTail.this && other.shared == shared)
                            .forEach(other -> lost.addAll(other.tail));
                    return super.purge(space, before);
                }
            };
        }

        @Override
        public void close() {
            tail.clear();
            INSTANCES.remove(this);
            super.close();
        }
    }
}
