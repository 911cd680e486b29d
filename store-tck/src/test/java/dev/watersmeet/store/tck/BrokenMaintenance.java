package dev.watersmeet.store.tck;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Capabilities;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Maintenance;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Stores with one mistake each about purges, epochs, spaces and what they claim. */
final class BrokenMaintenance {
    private static final Instant LATER = Instant.parse("9999-01-01T00:00:00Z");

    private BrokenMaintenance() {}

    /** Right: claims nothing, and purges nothing. */
    static class ClaimsNothing extends Handle {
        ClaimsNothing(Store data) {
            super(data);
        }

        @Override
        public Capabilities capabilities() {
            return new Capabilities(Set.of(), super.capabilities().limits());
        }

        @Override
        public Maintenance maintenance() {
            return new HandleMaintenance() {
                @Override
                public Purged purge(SpaceId space, Instant before) {
                    throw new StoreException(StoreException.Kind.UNSUPPORTED, "this store does not purge");
                }
            };
        }
    }

    /** Claims nothing, and pretends to purge. */
    static final class PretendsToPurge extends ClaimsNothing {
        PretendsToPurge(Store data) {
            super(data);
        }

        @Override
        public Maintenance maintenance() {
            return new HandleMaintenance() {
                @Override
                public Purged purge(SpaceId space, Instant before) {
                    return Purged.NOTHING;
                }
            };
        }
    }

    /** Takes any cursor of the right form for a good one. */
    static final class ChecksTheFormOnly extends Handle {
        ChecksTheFormOnly(Store data) {
            super(data);
        }

        @Override
        public CursorState check(SpaceId space, Cursor cursor) {
            return cursor.text().matches("[0-9a-f]+\\.[0-9]+") ? CursorState.CURRENT : super.check(space, cursor);
        }
    }

    /** Drops all removals and dead documents, however young. */
    static final class PurgesAll extends Handle {
        PurgesAll(Store data) {
            super(data);
        }

        @Override
        public Maintenance maintenance() {
            return new HandleMaintenance() {
                @Override
                public Purged purge(SpaceId space, Instant before) {
                    return super.purge(space, LATER);
                }
            };
        }
    }

    /** Looks for dead documents, and later deletes them by their names. */
    static final class PurgesWhatItHasRead extends Handle {
        private final Map<DocumentId, DocumentState> deleted = new ConcurrentHashMap<>();

        PurgesWhatItHasRead(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            BrokenStores.linger();
            return super.join(space, batch);
        }

        @Override
        public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
            Scan page = super.scan(space, position, limit);
            List<DocumentCells> left = new ArrayList<>();
            for (DocumentCells document : page.documents()) {
                DocumentState cells =
                        document.cells().without(deleted.getOrDefault(document.id(), DocumentState.empty()));
                if (!cells.isEmpty()) {
                    left.add(new DocumentCells(document.id(), cells));
                }
            }
            return new Scan(left, page.position());
        }

        @Override
        public Maintenance maintenance() {
            return new HandleMaintenance() {
                @Override
                public Purged purge(SpaceId space, Instant before) {
                    Set<DocumentId> dead = new HashSet<>();
                    for (DocumentCells document :
                            data().scan(space, null, Integer.MAX_VALUE).documents()) {
                        if (!document.cells().alive()) {
                            dead.add(document.id());
                        }
                    }
                    BrokenStores.linger();
                    deleted.putAll(data().read(space, dead));
                    return new Purged(dead.size(), dead.size());
                }
            };
        }
    }

    /** Keeps what it has read until it writes itself. */
    static final class CachesReads extends Handle {
        private final Map<DocumentId, DocumentState> cache = new ConcurrentHashMap<>();

        CachesReads(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            cache.clear();
            return super.join(space, batch);
        }

        @Override
        public Map<DocumentId, DocumentState> read(SpaceId space, Collection<DocumentId> documents) {
            if (!cache.keySet().containsAll(documents)) {
                cache.putAll(super.read(space, documents));
            }
            Map<DocumentId, DocumentState> found = super.read(space, List.of());
            documents.forEach(id -> Optional.ofNullable(cache.get(id)).ifPresent(state -> found.put(id, state.copy())));
            return found;
        }
    }

    /** Tells nobody what a purge has dropped. */
    static final class DropsInSilence extends Handle {
        DropsInSilence(Store data) {
            super(data);
        }

        @Override
        public Changes changes(SpaceId space, Cursor after, int limit) {
            Changes page = super.changes(space, after, limit);
            return Changes.written(page.documents(), page.cursor(), page.more());
        }
    }

    /** Checks the basis of a batch, and applies it later. */
    static final class ChecksTheBasisFirst extends Handle {
        ChecksTheBasisFirst(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            if (batch.basis() != null && check(space, batch.basis()) != CursorState.CURRENT) {
                throw new StoreException(StoreException.Kind.CURSOR_EXPIRED, "from before a purge");
            }
            BrokenStores.linger();
            return super.join(space, new Batch(batch.documents(), batch.mark(), null, batch.former()));
        }
    }

    /** Takes no notice of the basis. */
    static final class IgnoresTheBasis extends Handle {
        IgnoresTheBasis(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            return super.join(space, new Batch(batch.documents(), batch.mark(), null, batch.former()));
        }
    }

    /** Keeps its epoch, whatever happens. */
    static final class KeepsItsEpoch extends Handle {
        KeepsItsEpoch(Store data) {
            super(data);
        }

        @Override
        public Maintenance maintenance() {
            return new HandleMaintenance() {
                @Override
                public void renewEpoch(SpaceId space) {
                    data();
                }
            };
        }
    }

    /** Knows its own epoch only: whoever comes from before it is a stranger. */
    static final class ForgetsTheFormerEpoch extends Handle {
        ForgetsTheFormerEpoch(Store data) {
            super(data);
        }

        @Override
        public CursorState check(SpaceId space, Cursor cursor) {
            CursorState state = super.check(space, cursor);
            return state == CursorState.BEFORE_RENEWAL ? CursorState.EXPIRED : state;
        }
    }

    /** Takes every cursor that it has ever given out for one of the former epoch that has missed nothing. */
    static final class WelcomesAnybodyBack extends Handle {
        private final Set<Cursor> given = ConcurrentHashMap.newKeySet();

        WelcomesAnybodyBack(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            Cursor cursor = super.join(space, batch);
            given.add(cursor);
            return cursor;
        }

        @Override
        public CursorState check(SpaceId space, Cursor cursor) {
            CursorState state = super.check(space, cursor);
            return state == CursorState.EXPIRED && given.contains(cursor) ? CursorState.BEFORE_RENEWAL : state;
        }
    }

    /** Lists the spaces that it has written to itself. */
    static final class ListsWhatItHasOpen extends Handle {
        private final Set<SpaceId> open = ConcurrentHashMap.newKeySet();

        ListsWhatItHasOpen(Store data) {
            super(data);
        }

        @Override
        public Cursor join(SpaceId space, Batch batch) {
            open.add(space);
            return super.join(space, batch);
        }

        @Override
        public Maintenance maintenance() {
            return new HandleMaintenance() {
                @Override
                public List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
                    return super.spaces(after, limit).stream()
                            .filter(open::contains)
                            .toList();
                }
            };
        }
    }

    /** Deletes a space, and leaves its metadata. */
    static final class LeavesMetadata extends Handle {
        LeavesMetadata(Store data) {
            super(data);
        }

        @Override
        public Maintenance maintenance() {
            return new HandleMaintenance() {
                @Override
                public void deleteSpace(SpaceId space) {
                    Optional<String> value = data().metadata(space).get("key");
                    super.deleteSpace(space);
                    value.ifPresent(left -> data().metadata(space).compareAndSet("key", null, left));
                }
            };
        }
    }
}
