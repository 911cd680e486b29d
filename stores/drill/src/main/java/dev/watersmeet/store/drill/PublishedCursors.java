package dev.watersmeet.store.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.SpaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Up to where each space was published, and a file that tells it: a line with a space and a cursor each. Not thread-safe. */
final class PublishedCursors {
    private static final String FILE = Disk.UNFINISHED + "cursors"; // which Drill passes by

    private final Path file;
    private final Disk disk;
    private final Map<SpaceId, Cursor> cursors = new HashMap<>();
    private Map<SpaceId, Cursor> saved = Map.of();

    PublishedCursors(Path workspace, Disk disk) {
        this.file = workspace.resolve(FILE);
        this.disk = disk;
    }

    /** By space; to be changed. */
    Map<SpaceId, Cursor> bySpace() {
        return cursors;
    }

    void read() throws IOException {
        cursors.clear();
        try {
            for (String line : Files.readAllLines(file)) {
                int blank = line.lastIndexOf(' ');
                cursors.put(SpaceId.of(line.substring(0, blank)), new Cursor(line.substring(blank + 1)));
            }
        } catch (NoSuchFileException e) {
            // nothing was published yet
        }
        saved = Map.copyOf(cursors);
    }

    void save() throws IOException {
        if (!cursors.equals(saved)) {
            StringBuilder lines = new StringBuilder();
            cursors.forEach((space, cursor) ->
                    lines.append(space.name()).append(' ').append(cursor.text()).append('\n'));
            disk.replace(file, lines.toString().getBytes(UTF_8));
            saved = Map.copyOf(cursors);
        }
    }
}
