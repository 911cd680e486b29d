package dev.watersmeet.benchmarks.shared;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.drill.DrillClient;
import dev.watersmeet.store.drill.Publication;
import dev.watersmeet.store.drill.PublicationOptions;
import dev.watersmeet.store.drill.Sql;
import dev.watersmeet.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A collection of so many documents of six fields, published for Drill. */
final class PublishedStock implements AutoCloseable {
    private static final int BATCH = 500;
    private static final int ANSWERED = 10;
    private static final long WAIT_NANOS = Duration.ofMinutes(5).toNanos();
    private static final long PAUSE_MILLIS = 50;

    private final String collection;
    private final int documents;
    private final DrillClient drill;
    private final PublicationOptions options;
    private final Path workspace;
    private final Schema schema;
    private final Store store = MemoryStore.empty();
    private int edits;

    PublishedStock(String collection, int documents, DrillClient drill, String schemaName, Path workspace) {
        this.collection = collection;
        this.documents = documents;
        this.drill = drill;
        this.workspace = workspace;
        this.schema = Schema.empty()
                .with(collection, CollectionSchema.of(Map.of("tags", FieldType.SET, "quantity", FieldType.COUNTER)));
        this.options = PublicationOptions.defaults()
                .withSchema(schemaName)
                .withInterval(Duration.ofMillis(PAUSE_MILLIS))
                .withCompactBytes(Long.MAX_VALUE / 8);
        fill();
    }

    private void fill() {
        List<DocumentCells> batch = new ArrayList<>();
        for (int number = 0; number < documents; number++) {
            batch.add(item(number));
            if (batch.size() == BATCH) {
                store.join(space(), Batch.of(batch));
                batch.clear();
            }
        }
    }

    private SpaceId space() {
        return SpaceId.of(collection);
    }

    private DocumentCells item(int number) {
        Value record = Value.of(Map.of(
                "name",
                "item " + number,
                "shelf",
                "s" + number / ANSWERED,
                "note",
                "as it was counted, and nobody has been there since then " + number,
                "tags",
                List.of("metal", "t" + number % 7),
                "quantity",
                (double) (number % 100),
                "checked",
                number % 2 == 0));
        DocumentState cells = Records.put(
                DocumentState.empty(),
                schema.collection(collection),
                Stamp.of(1_700_000_000_000L + number, 0, new ReplicaId(1)),
                record);
        return new DocumentCells(DocumentId.of(collection, "i" + number), cells);
    }

    /** Publishes until this is closed, as often as servers do unless they are told otherwise. */
    void publishEachSecond() {
        publish(options.withInterval(PublicationOptions.defaults().interval()));
    }

    /** Writes one more document; answers its name. */
    String edit() {
        int number = documents + edits++;
        store.join(space(), Batch.of(List.of(item(number))));
        return "item " + number;
    }

    /** Waits until a query answers the document of a name. */
    void awaitShown(String name) throws IOException, InterruptedException {
        await(() -> Files.exists(view())
                && !drill.run("SELECT name FROM " + table() + " WHERE name = " + Sql.literal(name))
                        .rows()
                        .isEmpty());
    }

    /** Publishes everything, and waits until it can be read. */
    void publishFresh() throws IOException, InterruptedException {
        Publication running = publish(options);
        try {
            await(() -> Files.exists(view()) && count() == documents);
        } finally {
            running.close();
        }
    }

    /** Has Drill compact the table, and waits until only that is read. */
    void compact() throws IOException, InterruptedException {
        Publication running = publish(options.withDrill(drill).withCompactBytes(1));
        try {
            await(() -> !Files.readString(view()).contains("inline="));
        } finally {
            running.close();
        }
    }

    private Publication publish(PublicationOptions with) {
        return Publication.start(store, workspace, schema, with);
    }

    private Path view() {
        return workspace.resolve(collection + ".view.drill");
    }

    private String table() {
        return Sql.table(options.schema(), collection);
    }

    private double count() throws IOException, InterruptedException {
        return drill.run("SELECT COUNT(*) AS n FROM " + table())
                .rows()
                .get(0)
                .getOrDefault("n", Value.of(0))
                .number();
    }

    /** A query that reads every document, and answers some. */
    void ask() throws IOException, InterruptedException {
        ask("name", "quantity", "tags", table(), "shelf");
    }

    /** The same query without the view, of what was compacted. */
    void askParquet() throws IOException, InterruptedException {
        ask(stored("name"), stored("quantity"), stored("tags"), parquet(), stored("shelf"));
    }

    /** The column of files that the view shows as a field. */
    private String stored(String field) throws IOException {
        return named("(c[0-9]+)(?: AS DOUBLE\\))? AS `" + field + "`");
    }

    private String parquet() throws IOException {
        return named("FROM (`dfs`\\.`[^`]+`\\.`tables/[^`]+`) AS b");
    }

    private String named(String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(Files.readString(view()));
        if (!found.find()) {
            throw new IllegalStateException("the view of " + collection + " has no " + pattern);
        }
        return found.group(1);
    }

    private void ask(String name, String quantity, String tags, String from, String shelf)
            throws IOException, InterruptedException {
        int found = drill.run("SELECT " + name + ", " + quantity + ", " + tags + " FROM " + from + " WHERE " + shelf
                        + " = " + Sql.literal("s" + documents / ANSWERED / 2))
                .rows()
                .size();
        if (found != ANSWERED) {
            throw new IllegalStateException("a query of " + collection + " has found " + found);
        }
    }

    /** Counts the rows of what was compacted, without the view. */
    void countParquet() throws IOException, InterruptedException {
        drill.run("SELECT COUNT(*) AS n FROM " + parquet());
    }

    /** Something that becomes true. */
    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private void await(Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + WAIT_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the table of " + collection + " is not ready");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
