package dev.watersmeet.store.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The files of a table in one of its generations: rows of JSON, in files that are never changed. A generation is written beside the one before, and a view goes over to it. Not thread-safe. */
final class Segments {
    private static final String JSON = ".json";

    private final Path workspace;
    private final String table;
    private final long generation;
    private final Disk disk;
    private int count;
    private boolean made;

    /** A generation without files. */
    Segments(Path workspace, String table, long generation, Disk disk) {
        this.workspace = workspace;
        this.table = table;
        this.generation = generation;
        this.disk = disk;
    }

    /** A generation that is there. */
    static Segments resume(Path workspace, String table, long generation, Disk disk) throws IOException {
        Segments segments = new Segments(workspace, table, generation, disk);
        List<String> names = Disk.names(segments.folder());
        segments.made = !names.isEmpty();
        segments.count = names.size();
        return segments;
    }

    /** The table's name within the workspace. */
    String name() {
        return "tables/" + table + "." + generation;
    }

    long generation() {
        return generation;
    }

    private Path folder() {
        return workspace.resolve(name());
    }

    int count() {
        return count;
    }

    /** Whether there is something to be queried: Drill refuses empty folders. */
    boolean isMade() {
        return made;
    }

    void add(CharSequence rows) throws IOException {
        disk.createFolder(folder());
        byte[] bytes = rows.toString().getBytes(UTF_8);
        if (!disk.create(next(), bytes)) {
            throw new IOException("somebody else publishes to " + folder());
        }
        made = true;
        count++;
    }

    private Path next() {
        return folder().resolve(Names.of(Change.random()) + JSON);
    }

    /** Begins with all rows of another generation, in one file. */
    void addAll(Segments before) throws IOException {
        disk.createFolder(folder());
        disk.create(next(), file -> {
            for (String name : Disk.names(before.folder())) {
                try (FileChannel from = FileChannel.open(before.folder().resolve(name), StandardOpenOption.READ)) {
                    long size = from.size();
                    for (long at = 0; at < size; ) {
                        at += from.transferTo(at, size - at, file);
                    }
                }
            }
        });
        made = true;
        count++;
    }

    /** Deletes the generations before the last one, which queries may still read. */
    void deleteOlder() throws IOException {
        Path tables = workspace.resolve("tables");
        for (String name : Disk.names(tables)) {
            if (name.startsWith(table + ".")
                    && Long.parseLong(name.substring(table.length() + 1)) < generation - 1
                    && Files.isDirectory(tables.resolve(name))) {
                disk.deleteTree(tables.resolve(name));
            }
        }
    }
}
