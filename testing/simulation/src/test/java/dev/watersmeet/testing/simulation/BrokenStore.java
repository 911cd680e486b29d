package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store that breaks a rule. */
final class BrokenStore extends NodeStore {
    private final PlantedBug bug;
    private final Map<String, String> unsaved = new HashMap<>();

    BrokenStore(SharedStore shared, Faults faults, PlantedBug bug) {
        super(shared, faults);
        this.bug = bug;
    }

    @Override
    public Cursor join(SpaceId space, Batch batch) {
        List<DocumentCells> documents = batch.documents();
        switch (bug) {
            case HALF_A_BATCH -> {
                int half = documents.size() / 2;
                super.join(space, new Batch(documents.subList(0, half), null, batch.basis(), null));
                List<DocumentCells> rest = documents.subList(half, documents.size());
                return super.join(space, new Batch(rest, batch.mark(), batch.basis(), batch.former()));
            }
            case HALF_A_DOCUMENT -> {
                List<DocumentCells> halves =
                        documents.stream().map(BrokenStore::half).toList();
                super.join(space, new Batch(halves, null, batch.basis(), null));
                return super.join(space, batch);
            }
            case MARK_WITHOUT_CELLS -> {
                if (batch.mark() != null && doing == null) {
                    super.join(space, new Batch(List.of(), batch.mark(), batch.basis(), batch.former()));
                }
                return super.join(space, new Batch(documents, batch.mark(), batch.basis(), null));
            }
            case HOLE_NOT_CHECKED -> {
                Batch before = shared.underWay;
                shared.underWay = batch;
                try {
                    return super.join(space, batch);
                } finally {
                    shared.underWay = before;
                }
            }
            case PUSHED_PAST_A_PURGE -> {
                return super.join(space, new Batch(documents, batch.mark(), null, batch.former()));
            }
            default -> {
                return super.join(space, batch);
            }
        }
    }

    private static DocumentCells half(DocumentCells document) {
        Map<Path, Cell> cells = new HashMap<>();
        document.cells().forEach((path, cell) -> {
            if (path.hashCode() % 2 == 0) {
                cells.put(path, cell);
            }
        });
        return new DocumentCells(document.id(), DocumentState.of(cells));
    }

    @Override
    public CursorState check(SpaceId space, Cursor cursor) {
        CursorState state = super.check(space, cursor);
        if (bug == PlantedBug.OFFERED_BY_ANYBODY && state == CursorState.EXPIRED && shared.isOfEarlierEpoch(cursor)) {
            return CursorState.BEFORE_RENEWAL;
        }
        return bug == PlantedBug.PUSHED_PAST_A_PURGE && state == CursorState.BEFORE_PURGE ? CursorState.CURRENT : state;
    }

    @Override
    public Changes changes(SpaceId space, Cursor after, int limit) {
        Changes page = super.changes(space, after, limit);
        Batch hole = shared.underWay;
        if (hole != null && page.dropped().isEmpty()) {
            return Changes.written(
                    page.documents().stream()
                            .map(document -> without(hole, document))
                            .filter(document -> !document.cells().isEmpty())
                            .toList(),
                    page.cursor(),
                    page.more());
        }
        return bug == PlantedBug.PUSHED_PAST_A_PURGE && !page.dropped().isEmpty()
                ? Changes.written(List.of(), page.cursor(), page.more())
                : page;
    }

    private static DocumentCells without(Batch hole, DocumentCells document) {
        Map<Path, Cell> cells = new HashMap<>(document.cells().cells());
        hole.documents().stream()
                .filter(written -> written.id().equals(document.id()))
                .forEach(written -> written.cells().forEach(cells::remove));
        return new DocumentCells(document.id(), DocumentState.of(cells));
    }

    @Override
    public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
        Scan page = super.scan(space, position, limit);
        if (bug != PlantedBug.DEAD_LEFT_OUT) {
            return page;
        }
        List<DocumentCells> alive = new ArrayList<>(page.documents());
        alive.removeIf(document -> !document.cells().alive());
        return new Scan(alive, page.position());
    }

    @Override
    public Metadata metadata(SpaceId space) {
        Metadata kept = super.metadata(space);
        if (bug == PlantedBug.SERVER_ID_KEPT) {
            return ofNow(kept);
        }
        return bug != PlantedBug.STAMP_REUSED
                ? kept
                : new Metadata() {
                    @Override
                    public Optional<String> get(String key) {
                        return Optional.ofNullable(unsaved.get(key)).or(() -> kept.get(key));
                    }

                    @Override
                    public boolean compareAndSet(String key, @Nullable String expected, String value) {
                        if (!key.startsWith("server-clock/")) {
                            return kept.compareAndSet(key, expected, value);
                        }
                        unsaved.put(key, value);
                        String nothing = "0" + value.substring(value.indexOf(' '));
                        return kept.compareAndSet(key, kept.get(key).orElse(null), nothing);
                    }
                };
    }

    /** What an earlier process has reserved seems to be of now. */
    private Metadata ofNow(Metadata kept) {
        return new Metadata() {
            @Override
            public Optional<String> get(String key) {
                Optional<String> value = kept.get(key);
                return key.startsWith("server-clock/")
                        ? value.map(text -> unsaved.computeIfAbsent(text, this::ofNow))
                        : value;
            }

            private String ofNow(String reservation) {
                return reservation.substring(0, reservation.indexOf(' ') + 1) + shared.head();
            }

            @Override
            public boolean compareAndSet(String key, @Nullable String expected, String value) {
                if (!key.startsWith("server-clock/")) {
                    return kept.compareAndSet(key, expected, value);
                }
                String stored = kept.get(key).orElse(null);
                String seen = stored == null ? null : unsaved.getOrDefault(stored, stored);
                unsaved.put(value, value);
                return Objects.equals(seen, expected) && kept.compareAndSet(key, stored, value);
            }
        };
    }

    /** The server that uses it has died. */
    @Override
    void died() {
        unsaved.clear();
    }
}
