package dev.watersmeet.store.tck;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.memory.MemoryStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Stores with one mistake each, of the kinds that adapters make. */
final class BrokenStores {
    private BrokenStores() {}

    static void linger() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(2_000_000));
    }

    /** A store that has forgotten everything when it is opened again, and knows nothing of other instances. */
    static Store forgetful(Store data) {
        data.close();
        return new Handle(MemoryStore.empty());
    }

    /** What arrives last stays, as in a store that is written with plain upserts. */
    static final class LastArrivalStays extends Handle {
        private final Map<SpaceId, Map<DocumentId, DocumentState>> arrived = new ConcurrentHashMap<>();

        LastArrivalStays(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            for (DocumentCells delta : batch.documents()) {
                arrived.computeIfAbsent(space, key -> new ConcurrentHashMap<>())
                        .merge(delta.id(), delta.cells().copy(), (old, last) -> {
                            DocumentState merged = last.copy();
                            old.forEach((path, cell) -> {
                                if (merged.get(path) == null) {
                                    merged.join(path, cell);
                                }
                            });
                            return merged;
                        });
            }
            return super.join(space, batch);
        }

        @Override
        public Map<DocumentId, DocumentState> read(SpaceId space, Collection<DocumentId> documents) {
            Map<DocumentId, DocumentState> found = super.read(space, documents);
            found.replaceAll((id, state) -> arrived.getOrDefault(space, Map.of())
                    .getOrDefault(id, state)
                    .copy());
            return found;
        }
    }

    /** Takes a number, then commits: readers who saw a later number pass this one by. */
    static final class NumberBeforeCommit extends Handle {
        private final AtomicInteger numbers = new AtomicInteger();
        private final ConcurrentSkipListMap<Integer, Batch> log = new ConcurrentSkipListMap<>();

        NumberBeforeCommit(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            int number = numbers.incrementAndGet();
            linger();
            super.join(space, batch);
            log.put(number, batch);
            return new Cursor("n" + number);
        }

        @Override
        public Cursor head(SpaceId space) {
            data();
            return new Cursor("n" + (log.isEmpty() ? 0 : log.lastKey()));
        }

        @Override
        public Changes changes(SpaceId space, Cursor after, int limit) {
            data();
            List<DocumentCells> documents = new ArrayList<>();
            int last = Integer.parseInt(after.text().substring(1));
            for (Map.Entry<Integer, Batch> entry : log.tailMap(last, false).entrySet()) {
                documents.addAll(entry.getValue().documents());
                last = entry.getKey();
            }
            return Changes.written(documents, new Cursor("n" + last), false);
        }
    }

    /** Fills pages to the limit exactly, and writes the documents of a batch one by one to do so. */
    static final class BatchesAreSplit extends Handle {
        BatchesAreSplit(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            for (DocumentCells delta : batch.documents()) {
                super.join(space, Batch.of(List.of(delta)));
            }
            return super.join(space, new Batch(List.of(), batch.mark(), batch.basis(), batch.former()));
        }
    }

    /** Acknowledges before it writes. */
    static final class WritesLater extends Handle {
        private final List<Runnable> later = new ArrayList<>();

        WritesLater(Store data) {
            super(data);
        }

        @Override
        public synchronized Cursor join(SpaceId space, Batch batch) {
            Store store = data();
            later.forEach(Runnable::run);
            later.clear();
            later.add(() -> store.join(space, batch));
            return store.head(space);
        }

        @Override
        public synchronized Map<DocumentId, DocumentState> read(SpaceId space, Collection<DocumentId> documents) {
            Map<DocumentId, DocumentState> found = super.read(space, documents);
            later.forEach(Runnable::run);
            later.clear();
            return found;
        }
    }

    /** Takes a cursor that it does not know for the beginning. */
    static final class UnknownCursorsAreTheBeginning extends Handle {
        private final Map<SpaceId, Cursor> beginnings = new HashMap<>();

        UnknownCursorsAreTheBeginning(Store data) {
            super(data);
        }

        @Override
        public synchronized Cursor join(SpaceId space, Batch batch) {
            head(space);
            return super.join(space, batch);
        }

        @Override
        public synchronized Cursor head(SpaceId space) {
            Cursor head = super.head(space);
            beginnings.putIfAbsent(space, head);
            return head;
        }

        @Override
        public synchronized Changes changes(SpaceId space, Cursor after, int limit) {
            try {
                return super.changes(space, after, limit);
            } catch (StoreException e) {
                return super.changes(space, beginnings.getOrDefault(space, head(space)), limit);
            }
        }
    }

    /** Pages by offset over documents in order, as {@code LIMIT … OFFSET} does. */
    static final class PagesByOffset extends Handle {
        PagesByOffset(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            linger();
            return super.join(space, batch);
        }

        @Override
        public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
            linger();
            List<DocumentCells> all =
                    new ArrayList<>(super.scan(space, null, Integer.MAX_VALUE).documents());
            all.sort(Comparator.comparing(DocumentCells::id));
            int start = position == null ? 0 : Integer.parseInt(position.text());
            int end = Math.min(all.size(), start + Math.max(1, limit / 2));
            return new Scan(
                    start < end ? all.subList(start, end) : List.of(),
                    end < all.size() ? new Cursor(Integer.toString(end)) : null);
        }
    }

    /** Scans a copy that is brought up to date now and then, and takes the head from the original. */
    static final class ScansLagBehindTheHead extends Handle {
        private static final int EVERY =
                7; // divides no number of joins that the test makes, so the copy lags at the end, too
        private final AtomicInteger joins = new AtomicInteger();
        private volatile List<DocumentCells> copy = List.of();

        ScansLagBehindTheHead(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            Cursor cursor = super.join(space, batch);
            if (joins.incrementAndGet() % EVERY == 0) {
                copy = super.scan(space, null, Integer.MAX_VALUE).documents();
            }
            return cursor;
        }

        @Override
        public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
            return new Scan(copy, null);
        }
    }

    /** Compares, then sets. */
    static final class ComparesThenSets extends Handle {
        private final Map<String, String> values = new ConcurrentHashMap<>();

        ComparesThenSets(Store data) {
            super(data);
        }

        @Override
        public Metadata metadata(SpaceId space) {
            return new Metadata() {
                @Override
                public Optional<String> get(String key) {
                    data();
                    return Optional.ofNullable(values.get(space + " " + key));
                }

                @Override
                public boolean compareAndSet(String key, @Nullable String expected, String value) {
                    if (!get(key).equals(Optional.ofNullable(expected))) {
                        return false;
                    }
                    linger();
                    values.put(space + " " + key, value);
                    return true;
                }
            };
        }
    }

    /** Folds the names of collections, as some databases do with trailing spaces. */
    static final class FoldsNames extends Handle {
        FoldsNames(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            List<DocumentCells> folded = new ArrayList<>();
            for (DocumentCells document : batch.documents()) {
                DocumentId id = document.id();
                folded.add(new DocumentCells(new DocumentId(id.collection().strip(), id.id()), document.cells()));
            }
            return super.join(space, new Batch(folded, batch.mark(), batch.basis(), batch.former()));
        }
    }
}
