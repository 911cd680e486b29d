package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DeletionPolicy;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Replicas that edit documents which they have read before or later, and a store that takes what they write. */
final class Team {
    static final SpaceId SPACE = SpaceId.of("space");
    static final Schema SCHEMA = Schema.empty()
            .with(
                    "things",
                    CollectionSchema.of(Map.of(
                            "tags", FieldType.SET,
                            "count", FieldType.COUNTER,
                            "flag", FieldType.FLAG,
                            "multi", FieldType.MULTI,
                            "map", FieldType.MAP)))
            .with("last", CollectionSchema.REGISTERS.with(DeletionPolicy.LAST_WRITER_WINS));

    private static final DateTimeFormatter DRILLS_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    final Random random;
    final Store store;
    final Schema schema;
    final List<Map<DocumentId, DocumentState>> replicas = new ArrayList<>();
    private long time = 1_700_000_000_000L;
    /** All cells that were ever written, each as a text. */
    final Set<String> written = new HashSet<>();

    private long pushes;

    Team(long seed, Store store, Schema schema) {
        random = new Random(seed);
        this.store = store;
        this.schema = schema;
        for (int i = 0; i < 3; i++) {
            replicas.add(new HashMap<>());
        }
    }

    void step() {
        int number = random.nextInt(replicas.size());
        Map<DocumentId, DocumentState> replica = replicas.get(number);
        if (random.nextInt(3) == 0) {
            store.scan(SPACE, null, 10_000).documents().forEach(document -> replica.computeIfAbsent(
                            document.id(), id -> DocumentState.empty())
                    .join(document.cells()));
        }
        DocumentId id = DocumentId.of(random.nextInt(4) == 0 ? "last" : "things", "d" + random.nextInt(8));
        DocumentState state = replica.computeIfAbsent(id, key -> DocumentState.empty());
        CollectionSchema collection = schema.collection(id.collection());
        Stamp stamp = Stamp.of(++time, 0, new ReplicaId(number + 1));
        DocumentState edit = random.nextInt(4) == 0
                ? Records.delete(state, collection, stamp)
                : Records.put(state, collection, stamp, record());
        state.join(edit);
        edit.forEach((path, cell) -> written.add(text(id, path, cell)));
        Mark mark = new Mark(new ReplicaId(number + 1), "person " + number, ++pushes, "n", "");
        store.join(SPACE, Batch.of(List.of(new DocumentCells(id, edit)), mark));
    }

    private Value record() {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("tags", pick(List.of(List.of(), List.of("x"), List.of("y", "x"), List.of("it's", 1.0, "`"))));
        fields.put("count", (double) random.nextInt(5));
        fields.put("flag", random.nextBoolean());
        fields.put("multi", pick(List.of("a", "b", 3.5)));
        fields.put("map", pick(List.of(Map.of("a", "1"), Map.of("a", Map.of("b", 2.0)), Map.of())));
        if (random.nextBoolean()) {
            fields.put("title", pick(List.of("one", "", "two\n\"'`\\", "\u00e4\ud83d\ude00")));
        }
        if (random.nextBoolean()) {
            fields.put("number", pick(List.of(0.0, -1.5, 1e21)));
        }
        if (random.nextBoolean()) {
            fields.put("done", random.nextBoolean());
        }
        if (random.nextInt(20) == 0) {
            fields.put("mixed", pick(List.of(true, 1.0, "text", List.of(1.0))));
        }
        return Value.of(fields);
    }

    private Object pick(List<?> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static String text(DocumentId id, Path path, Cell cell) {
        Stamp stamp = cell.stamp();
        return String.join(
                " ",
                id.collection(),
                Column.shown(id.id()),
                path.text(),
                String.valueOf(stamp.millis()),
                String.valueOf(stamp.counter()),
                stamp.replica().toString(),
                String.valueOf(cell.removed()));
    }

    /** The cells that the store has, as texts. */
    Set<String> cells() {
        return each(Team::text);
    }

    /** Since when and by whom there is what the store has, as texts. */
    Set<String> changes() {
        return each((id, path, cell) -> isTakenAway(path, cell)
                ? null
                : String.join(
                        " ",
                        DRILLS_TIME.format(Instant.ofEpochMilli(cell.stamp().millis())),
                        "person " + (cell.stamp().replica().bits() - 1),
                        cell.stamp().replica().toString(),
                        id.collection(),
                        Column.shown(id.id()),
                        path.text(),
                        change(path, cell),
                        path.kind().hasField() ? path.field() : "null",
                        value(path, cell)));
    }

    /** What somebody has taken away who had seen it, as texts; the cells do not tell who, and when. */
    Set<String> takenAway() {
        return each((id, path, cell) -> isTakenAway(path, cell)
                ? String.join(" ", id.collection(), Column.shown(id.id()), path.text(), change(path, cell), "null")
                : null);
    }

    private static boolean isTakenAway(Path path, Cell cell) {
        return switch (path.kind()) {
            case SET, MULTI -> cell.removed();
            case COUNTER_BASE -> true;
            case DELETION -> !path.equals(Path.DELETION_BY_ANY);
            case EXISTENCE, REGISTER, COUNTER, MAP, ROOT, ACCESS -> false;
        };
    }

    private static String change(Path path, Cell cell) {
        return switch (path.kind()) {
            case EXISTENCE -> "edited";
            case DELETION -> "deleted";
            case COUNTER -> "counted";
            case COUNTER_BASE -> "reset";
            case SET -> cell.removed() ? "removed" : "added";
            case REGISTER, MULTI, MAP, ROOT, ACCESS -> cell.removed() ? "removed" : "set";
        };
    }

    private static String value(Path path, Cell cell) {
        return switch (path.kind()) {
            case SET, MULTI -> path.element().text();
            default -> cell.value() == null ? "null" : cell.value().text();
        };
    }

    /** Tells something of a cell. */
    @FunctionalInterface
    private interface Telling {
        @Nullable
        String of(DocumentId id, Path path, Cell cell);
    }

    private Set<String> each(Telling telling) {
        Set<String> told = new HashSet<>();
        store.scan(SPACE, null, 10_000).documents().forEach(document -> document.cells()
                .forEach((path, cell) -> {
                    @Nullable String text = telling.of(document.id(), path, cell);
                    if (text != null) {
                        told.add(text);
                    }
                }));
        return told;
    }

    /** What the engine reads. */
    Map<String, Value> alive(String collection) {
        Map<String, Value> alive = new TreeMap<>();
        for (DocumentCells document : store.scan(SPACE, null, 10_000).documents()) {
            Optional<Value> record = Records.read(document.cells(), schema.collection(collection));
            if (document.id().collection().equals(collection) && record.isPresent()) {
                alive.put(Column.shown(document.id().id()), record.get());
            }
        }
        return alive;
    }
}
