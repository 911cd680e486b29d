package dev.watersmeet.store.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a workspace, and a file that tells what there is of them: a line for all, and one for each. It is written before rows that it tells of, and before views go over; so what it does not tell of nobody needs. Not thread-safe.
 */
final class Tables {
    private static final String STATE = Disk.UNFINISHED + "tables"; // which Drill passes by
    private static final double FORM = 2;
    /** Versions of rows count on within one start of a process, and start again above all of the one before. */
    private static final int VERSION_BITS = 36;

    private final Path workspace;
    private final Schema schema;
    private final PublicationOptions options;
    private final Disk disk;
    private final TimeSource time;
    private final Map<String, Table<CollectionTable>> collections = new TreeMap<>();
    /** Tables whose rows are of other types than documents are read by now, with what the file told of them. */
    private final Map<String, Value> outdated = new TreeMap<>();

    /** By which types collections are read that there are tables of. */
    private final Map<String, CollectionSchema> schemas = new HashMap<>();

    private final Map<String, Long> retired = new HashMap<>();
    private Table<CellRows> cells;
    private long era;
    private long version;
    private String saved = "";

    Tables(Path workspace, Schema schema, PublicationOptions options, Disk disk, TimeSource time) {
        this.workspace = workspace;
        this.schema = schema;
        this.options = options;
        this.disk = disk;
        this.time = time;
        this.cells = newCells();
    }

    private Table<CellRows> newCells() {
        return new Table<>(new CellRows(), new TableFiles(workspace, CellRows.NAME, disk));
    }

    /** Goes on with what is in the workspace; takes away what nobody needs any more. */
    void resume() throws IOException {
        collections.clear();
        outdated.clear();
        schemas.clear();
        cells = newCells();
        for (String line : lines()) {
            Value state = Value.parse(line);
            if (state.members().containsKey("form")) {
                resumeAll(state);
            } else if (state.members().containsKey("collection")) {
                resumeCollection(state);
            } else {
                cells.resume(state);
            }
        }
        era++;
        version = 0;
        schema.collections().keySet().stream()
                .filter(name -> !outdated.containsKey(name))
                .forEach(this::collection); // a table without rows is one as well
        save();
        for (Table<?> table : all()) {
            table.publish(workspace, options.schema(), disk);
        }
        sweep();
    }

    private List<String> lines() throws IOException {
        try {
            return Files.readAllLines(workspace.resolve(STATE));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private void resumeAll(Value state) throws IOException {
        if (!Value.of(FORM).equals(state.members().get("form"))) {
            throw new IOException(
                    workspace + " holds tables of another version than this server knows: delete what is in it");
        }
        era = Math.max(era, (long) Json.member(state, "era").number());
    }

    private void resumeCollection(Value state) throws IOException {
        String name = String.valueOf(Json.member(state, "collection").tree());
        CollectionSchema known = CollectionTable.known(name, schema.collection(name), Json.member(state, "layout"));
        schemas.put(name, known);
        Optional<CollectionTable> layout = CollectionTable.resume(name, known, Json.member(state, "layout"));
        if (layout.isPresent()) {
            Table<CollectionTable> table = new Table<>(layout.get(), files(name));
            table.resume(state);
            collections.put(name, table);
        } else {
            outdated.put(name, state);
        }
    }

    private TableFiles files(String collection) {
        return new TableFiles(workspace, Names.of(collection), disk);
    }

    private Stream<Table<?>> stream() {
        return Stream.concat(collections.values().stream(), Stream.of(cells));
    }

    private List<Table<?>> all() {
        return stream().toList();
    }

    /** A version above that of all rows before. */
    long nextVersion() {
        return (era << VERSION_BITS) + ++version;
    }

    /** The table of a collection; if there is none, an empty one. */
    Table<CollectionTable> collection(String name) {
        return collections.computeIfAbsent(name, this::newCollection);
    }

    private Table<CollectionTable> newCollection(String name) {
        return schema.declares(name) ? withRow(name) : withoutRows(name);
    }

    private Table<CollectionTable> withoutRows(String name) {
        return new Table<>(new CollectionTable(name, schemas.getOrDefault(name, schema.collection(name))), files(name));
    }

    /** A table that is one also without documents: Drill refuses empty folders. */
    private Table<CollectionTable> withRow(String name) {
        Table<CollectionTable> table = withoutRows(name);
        table.pending.append(table.layout.row(SpaceId.of("-"), DocumentId.of(name, ""), 0, Optional.empty()));
        return table;
    }

    Table<CellRows> cells() {
        return cells;
    }

    /** How much waits to be written, in characters. */
    long pending() {
        return stream().mapToLong(table -> table.pending.length()).sum();
    }

    /** Lets nothing of a space count that was written until now: neither documents nor, if said so, cells. */
    void fence(SpaceId space, boolean withCells) {
        long from = nextVersion();
        collections.values().forEach(table -> table.fence(space, from));
        if (withCells) {
            cells.fence(space, from);
        }
    }

    /** Publishes all that waits. */
    void flush() throws IOException {
        List<Table<?>> changed = stream().filter(Table::isChanged).toList();
        if (changed.isEmpty()) {
            return;
        }
        save();
        for (Table<?> table : changed) {
            table.publish(workspace, options.schema(), disk);
        }
    }

    private void save() throws IOException {
        StringBuilder lines = new StringBuilder(
                        Value.of(Map.of("form", FORM, "era", (double) era)).text())
                .append('\n');
        collections.forEach((name, table) -> {
            Map<String, Object> state = new TreeMap<>(begun(table));
            state.put("collection", name);
            lines.append(Value.of(state).text()).append('\n');
        });
        outdated.values().forEach(state -> lines.append(state.text()).append('\n'));
        lines.append(Value.of(begun(cells)).text()).append('\n');
        if (!lines.toString().equals(saved)) {
            disk.replace(workspace.resolve(STATE), lines.toString().getBytes(UTF_8));
            saved = lines.toString();
        }
    }

    private Map<String, Object> begun(Table<?> table) {
        table.begin(time.millis());
        return table.state();
    }

    /** Collections that have to be written anew: of other types, or without a Drillbit that compacts them much grown. */
    Set<String> toRewrite() {
        Set<String> names = new HashSet<>(outdated.keySet());
        if (options.drill() == null) {
            collections.forEach((name, table) -> {
                if (table.isOutgrown(options.compactBytes())) {
                    names.add(name);
                }
            });
        }
        return names;
    }

    /** Tables of collections that nobody is shown before they {@linkplain #replace take the place} of those that there are. */
    Map<String, Table<CollectionTable>> anew(Set<String> names) {
        Map<String, Table<CollectionTable>> made = new TreeMap<>();
        for (String name : names) {
            Table<CollectionTable> table = withRow(name);
            table.files.begin();
            made.put(name, table);
        }
        return made;
    }

    void replace(Map<String, Table<CollectionTable>> made) throws IOException {
        List<String> before = new ArrayList<>();
        made.forEach((name, table) -> {
            table.complete();
            @Nullable Table<CollectionTable> old = collections.put(name, table);
            before.addAll(old == null ? List.of() : old.files.folders());
            @Nullable Value noted = outdated.remove(name);
            before.addAll(noted == null ? List.of() : TableFiles.folders(noted));
        });
        flush();
        before.forEach(this::retire);
    }

    /** Writes tables of many files anew, in one. */
    void gatherScattered(@Nullable Table<?> except) throws IOException {
        for (Table<?> table : all()) {
            if (table != except && table.isScattered(options.maxSegments(), options.drill() != null)) {
                List<String> before = table.files.fresh();
                table.gather();
                flush();
                before.forEach(this::retire);
            }
        }
    }

    /** A table that is worth compacting, if there is one. */
    Optional<Table<?>> toCompact() {
        return stream().filter(this::isToCompact).findFirst();
    }

    private boolean isToCompact(Table<?> table) {
        long now = time.millis();
        boolean due = table.isLong(options.compactBytes())
                || table.isOld(now, options.compactAfter().toMillis());
        return due && !table.isPaused(now);
    }

    boolean has(Table<?> table) {
        return table == cells || collections.containsValue(table);
    }

    /**
     * Lets a compacted part of a table take its place.
     *
     * @param all whether it was made from all there was
     */
    void compacted(Table<?> table, Sources from, boolean all, Sources.Part part) throws IOException {
        table.replace(from, part, all);
        flush();
        from.fresh().forEach(this::retire);
        if (from.base() != null) {
            retire(from.base().folder());
        }
    }

    /** Deletes a folder of the workspace later: queries may be reading it. */
    void retire(String folder) {
        retired.put(folder, time.millis() + options.grace().toMillis());
    }

    /** Deletes what nobody reads any more. */
    void deleteRetired() throws IOException {
        long now = time.millis();
        for (Map.Entry<String, Long> folder : List.copyOf(retired.entrySet())) {
            if (folder.getValue() <= now) {
                disk.deleteTree(workspace.resolve(folder.getKey()));
                retired.remove(folder.getKey());
            }
        }
    }

    /** Deletes what was not finished, and retires what nobody needs. */
    private void sweep() throws IOException {
        Set<String> needed = new HashSet<>();
        stream().forEach(table -> needed.addAll(table.files.folders()));
        outdated.values().forEach(state -> needed.addAll(TableFiles.folders(state)));
        for (String name : Disk.namesWithUnfinished(workspace.resolve(TableFiles.TABLES))) {
            String folder = TableFiles.TABLES + "/" + name;
            if (name.startsWith(Disk.UNFINISHED)) {
                disk.deleteTree(workspace.resolve(folder));
            } else if (needed.contains(folder)) {
                disk.deleteDrafts(workspace.resolve(folder));
            } else if (!retired.containsKey(folder)) {
                retire(folder);
            }
        }
        disk.deleteDrafts(workspace);
    }
}
