package dev.watersmeet.store.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a store has as tables into a workspace of Drill: each collection's documents, as the model reads them, and all cells. It follows the store as any reader does, and rewrites a table now and then. Of several
 * processes one does so at a time. Not thread-safe.
 */
final class Publisher {
    private static final int PAGE_CELLS = 5000;
    private static final int PAGE_SPACES = 1000;
    private static final int MAX_PENDING = 8 << 20;
    private static final String CELLS = "watersmeet_cells";
    private static final String HISTORY = "watersmeet_history";

    private final Store store;
    private final Path workspace;
    private final Schema schema;
    private final PublicationOptions options;
    private final Disk disk;
    private final Map<String, Table> tables = new HashMap<>();
    private final Map<SpaceId, Cursor> cursors = new HashMap<>();
    private final StringBuilder cells = new StringBuilder();
    private final Map<ReplicaId, String> principals = new HashMap<>();
    private @Nullable Segments cellSegments;
    private long generation;
    private long version;
    private boolean begun;

    /** A collection's rows on their way to files. */
    private static final class Table {
        final CollectionTable rows;
        final Segments segments;
        final String view;
        final StringBuilder pending = new StringBuilder();
        String published = "";

        Table(CollectionTable rows, Segments segments, String view) {
            this.rows = rows;
            this.segments = segments;
            this.view = view;
        }
    }

    Publisher(Store store, Path workspace, Schema schema, PublicationOptions options, Disk disk) {
        this.store = store;
        this.workspace = workspace;
        this.schema = schema;
        this.options = options;
        this.disk = disk;
    }

    /** Publishes what is new since the last round; all of it at first, after a failure, where a space is gone, and where there are many files. */
    void round() throws IOException {
        principals.clear();
        List<SpaceId> spaces = spaces();
        boolean anew = !begun || isScattered() || !new HashSet<>(spaces).containsAll(cursors.keySet());
        begun = false;
        if (anew) {
            begin(spaces);
        }
        try {
            followAll(spaces);
        } catch (StoreException e) {
            if (anew || e.kind() != StoreException.Kind.CURSOR_EXPIRED) {
                throw e;
            }
            begin(spaces); // a space was made anew, or purged for too long
            followAll(spaces);
        }
        flush();
        begun = true;
    }

    private void followAll(List<SpaceId> spaces) throws IOException {
        for (SpaceId space : spaces) {
            follow(space);
        }
    }

    private List<SpaceId> spaces() {
        List<SpaceId> all = new ArrayList<>();
        List<SpaceId> page;
        do {
            page = store.maintenance().spaces(all.isEmpty() ? null : all.get(all.size() - 1), PAGE_SPACES);
            all.addAll(page);
        } while (page.size() == PAGE_SPACES);
        return all;
    }

    private boolean isScattered() {
        return tables.values().stream().anyMatch(table -> table.segments.count() > options.maxSegments());
    }

    /** Begins a generation of all tables with what is there. */
    private void begin(List<SpaceId> spaces) throws IOException {
        tables.clear();
        cells.setLength(0);
        generation = 1 + lastGeneration();
        PublishedState state = PublishedState.read(workspace);
        cellSegments = Segments.resume(workspace, CELLS, state.cellsGeneration(), disk);
        cursors.clear();
        for (String collection : schema.collections().keySet()) {
            Table table = table(collection); // a table without rows is one as well
            table.pending.append(table.rows.row(SpaceId.of("-"), DocumentId.of(collection, ""), 0, Optional.empty()));
        }
        for (SpaceId space : spaces) {
            @Nullable Cursor before = state.cursors().get(space);
            boolean current = before != null && store.check(space, before) == CursorState.CURRENT;
            scan(space, !current);
            if (current && before != null) {
                cursors.put(space, before);
            }
        }
    }

    /** Takes all documents of a space, from where its log is followed on. */
    private void scan(SpaceId space, boolean withCells) throws IOException {
        cursors.put(space, store.head(space));
        @Nullable Cursor position = null;
        do {
            Scan page = store.scan(space, position, PAGE_CELLS);
            for (DocumentCells document : page.documents()) {
                addDocument(space, document.id(), document.cells());
                if (withCells) {
                    addCells(space, document);
                }
            }
            position = page.position();
            flushIfLarge();
        } while (position != null);
    }

    private long lastGeneration() throws IOException {
        return Disk.names(workspace.resolve("tables")).stream()
                .filter(name -> !name.startsWith(CELLS))
                .mapToLong(name -> Long.parseLong(name.substring(name.lastIndexOf('.') + 1)))
                .max()
                .orElse(0);
    }

    private void follow(SpaceId space) throws IOException {
        if (!cursors.containsKey(space)) {
            scan(space, true);
        }
        Cursor cursor = Objects.requireNonNull(cursors.get(space));
        boolean more;
        do {
            Changes page = store.changes(space, cursor, PAGE_CELLS);
            Set<DocumentId> changed = new HashSet<>();
            page.documents().forEach(document -> {
                changed.add(document.id());
                addCells(space, document);
            });
            page.dropped().forEach(document -> changed.add(document.id()));
            if (!changed.isEmpty()) {
                Map<DocumentId, DocumentState> found = store.read(space, changed);
                changed.forEach(id -> addDocument(space, id, found.getOrDefault(id, DocumentState.empty())));
            }
            cursor = page.cursor();
            cursors.put(space, cursor);
            more = page.more();
            flushIfLarge();
        } while (more);
    }

    private void addDocument(SpaceId space, DocumentId id, DocumentState state) {
        Table table = table(id.collection());
        Optional<Value> record = Records.read(state, schema.collection(id.collection()));
        table.pending.append(table.rows.row(space, id, ++version, record));
    }

    private Table table(String collection) {
        return tables.computeIfAbsent(
                collection,
                name -> new Table(
                        new CollectionTable(schema.collection(name)),
                        new Segments(workspace, Names.of(name), generation, disk),
                        viewName(name)));
    }

    /** A collection's own name, where it is an ordinary one. */
    static String viewName(String collection) {
        return collection.matches("[A-Za-z_][A-Za-z0-9_]{0,99}") && !collection.startsWith("watersmeet_")
                ? collection
                : Names.of(collection).replace('-', '_');
    }

    private void addCells(SpaceId space, DocumentCells document) {
        CellRows.append(
                space,
                document,
                cell -> principals.computeIfAbsent(cell.stamp().replica(), replica -> store.mark(space, replica)
                        .map(Mark::principal)
                        .orElse("")),
                cells);
    }

    private void flushIfLarge() throws IOException {
        if (cells.length()
                        + tables.values().stream()
                                .mapToInt(table -> table.pending.length())
                                .sum()
                > MAX_PENDING) {
            flush();
        }
    }

    private void flush() throws IOException {
        for (Table table : tables.values()) {
            if (table.pending.length() > 0) {
                publish(table);
            }
        }
        publishCells();
    }

    /** The view first, where there is one: with the rows a column may have to be read in another way. */
    private void publish(Table table) throws IOException {
        String view = View.json(
                table.view, table.rows.select(Sql.table(options.schema(), table.segments.name())), table.rows.types());
        boolean first = !table.segments.isMade();
        if (!first) {
            replaceView(table, view);
        }
        table.segments.add(table.pending);
        table.pending.setLength(0);
        if (first) {
            replaceView(table, view);
        }
    }

    private void replaceView(Table table, String view) throws IOException {
        if (!view.equals(table.published)) {
            disk.replace(workspace.resolve(View.fileName(table.view)), view.getBytes(UTF_8));
            table.published = view;
            table.segments.deleteOlder();
        }
    }

    private void publishCells() throws IOException {
        Segments segments = Objects.requireNonNull(cellSegments);
        if (cells.length() > 0) {
            boolean first = !segments.isMade();
            segments.add(cells);
            cells.setLength(0);
            if (segments.count() > options.maxSegments()) {
                Segments gathered = new Segments(workspace, CELLS, segments.generation() + 1, disk);
                gathered.addAll(segments);
                segments = gathered;
                cellSegments = gathered;
                first = true;
            }
            if (first) {
                String table = Sql.table(options.schema(), segments.name());
                replaceView(CELLS, CellRows.selectCells(table), CellRows.cellTypes());
                replaceView(HISTORY, CellRows.selectHistory(table), CellRows.historyTypes());
            }
        }
        new PublishedState(segments.generation(), cursors).write(workspace, disk);
        segments.deleteOlder();
    }

    private void replaceView(String name, String select, Map<String, String> columns) throws IOException {
        disk.replace(
                workspace.resolve(View.fileName(name)),
                View.json(name, select, columns).getBytes(UTF_8));
    }
}
