package dev.watersmeet.store.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.Value;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a table: perhaps a compacted part, and folders of rows of JSON that came later, to the last of which files are added. A file is never changed. Not thread-safe.
 */
final class TableFiles {
    /** The folder of the workspace that has the folders of the tables. */
    static final String TABLES = "tables";

    private static final String JSON = ".json";

    private final Path workspace;
    private final String name;
    private final Disk disk;
    private Sources.@Nullable Part base;
    private final List<Fresh> fresh = new ArrayList<>();

    /** A folder of rows. */
    private static final class Fresh {
        final String folder;
        int files;
        long bytes;

        Fresh(String folder) {
            this.folder = folder;
        }
    }

    /**
     * A table without files.
     *
     * @param name a name of {@link Names}
     */
    TableFiles(Path workspace, String name, Disk disk) {
        this.workspace = workspace;
        this.name = name;
        this.disk = disk;
    }

    /** What has to be known to find the files. */
    Value state() {
        Map<String, Object> state = new HashMap<>();
        if (base != null) {
            state.put("base", Map.of("folder", base.folder(), "columns", (double) base.columns(), "bytes", (double)
                    base.bytes()));
        }
        state.put("fresh", fresh.stream().map(part -> part.folder).toList());
        return Value.of(state);
    }

    /** Takes the files that a {@linkplain #state state} tells of, which has to be done once and first. */
    void resume(Value state) throws IOException {
        @Nullable Value noted = state.members().get("base");
        if (noted != null) {
            base = new Sources.Part(
                    String.valueOf(Json.member(noted, "folder").tree()),
                    (int) Json.member(noted, "columns").number(),
                    (long) Json.member(noted, "bytes").number());
        }
        for (Value folder : Json.member(state, "fresh").elements()) {
            Fresh part = new Fresh(String.valueOf(folder.tree()));
            for (String file : Disk.names(workspace.resolve(part.folder))) {
                part.files++;
                part.bytes += Files.size(workspace.resolve(part.folder).resolve(file));
            }
            fresh.add(part);
        }
    }

    /** The folders that a table's state names. */
    static List<String> folders(Value tableState) {
        Value files = Json.member(tableState, "files");
        List<String> folders = new ArrayList<>();
        Json.member(files, "fresh").elements().forEach(folder -> folders.add(String.valueOf(folder.tree())));
        @Nullable Value base = files.members().get("base");
        if (base != null) {
            folders.add(String.valueOf(Json.member(base, "folder").tree()));
        }
        return folders;
    }

    /** Sees that there is a folder to which rows are added. */
    void begin() {
        if (fresh.isEmpty()) {
            fresh.add(next());
        }
    }

    private Fresh next() {
        return new Fresh(folder());
    }

    /** A name for a folder of this table that no other one has had. */
    String folder() {
        return TABLES + "/" + name + "." + Names.of(Change.random());
    }

    Sources.@Nullable Part base() {
        return base;
    }

    /** The folders that have rows. */
    List<String> fresh() {
        return fresh.stream()
                .filter(part -> part.files > 0)
                .map(part -> part.folder)
                .toList();
    }

    /** All folders, also those without files yet. */
    List<String> folders() {
        List<String> all =
                new ArrayList<>(fresh.stream().map(part -> part.folder).toList());
        if (base != null) {
            all.add(base.folder());
        }
        return all;
    }

    int freshFiles() {
        return fresh.stream().mapToInt(part -> part.files).sum();
    }

    long freshBytes() {
        return fresh.stream().mapToLong(part -> part.bytes).sum();
    }

    /** Adds a file with rows to the last folder. */
    void add(CharSequence rows) throws IOException {
        byte[] bytes = rows.toString().getBytes(UTF_8);
        Fresh part = fresh.get(fresh.size() - 1);
        disk.createFolder(workspace.resolve(part.folder));
        if (!disk.create(file(part), bytes)) {
            throw new IOException("somebody else publishes to " + workspace.resolve(part.folder));
        }
        part.files++;
        part.bytes += bytes.length;
    }

    private Path file(Fresh part) {
        return workspace.resolve(part.folder).resolve(Names.of(Change.random()) + JSON);
    }

    /** Begins another folder, unless a compaction of what there was before has failed; answers the folders before, which nothing is added to any more. */
    List<String> turn() {
        if (fresh.size() == 1) {
            fresh.add(next());
        }
        return fresh.subList(0, fresh.size() - 1).stream()
                .map(part -> part.folder)
                .toList();
    }

    /** Lets a compacted part take the place of what it was made from. */
    void replace(List<String> compacted, Sources.Part part) {
        fresh.removeIf(before -> compacted.contains(before.folder));
        base = part;
    }

    /** Writes rows of JSON anew, those that count, into one file of another folder. */
    void gather(Predicate<String> counts) throws IOException {
        List<Fresh> before = List.copyOf(fresh);
        Fresh gathered = next();
        Path folder = workspace.resolve(gathered.folder);
        disk.createFolder(folder);
        disk.create(file(gathered), file -> {
            Writer out = new BufferedWriter(new OutputStreamWriter(Channels.newOutputStream(file), UTF_8));
            for (Fresh part : before) {
                for (String rows : Disk.names(workspace.resolve(part.folder))) {
                    append(workspace.resolve(part.folder).resolve(rows), counts, out);
                }
            }
            out.flush();
            gathered.bytes = file.size();
        });
        gathered.files = 1;
        fresh.clear();
        fresh.add(gathered);
    }

    private static void append(Path from, Predicate<String> counts, Writer to) throws IOException {
        try (Stream<String> rows = Files.lines(from)) {
            for (String row : (Iterable<String>) rows.filter(counts)::iterator) {
                to.write(row);
                to.write('\n');
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (NoSuchFileException e) {
            throw new IOException("somebody has deleted " + from + ", which is a part of a table", e);
        }
    }
}
