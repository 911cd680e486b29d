package dev.watersmeet.store.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.SpaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Up to where each space was published, and a file that tells it: a line with a space and a cursor each, or with a space that may have rows, but is not known to have all. Not thread-safe. */
final class PublishedCursors {
    private static final String FILE = Disk.UNFINISHED + "cursors"; // which Drill passes by

    private final Path file;
    private final Disk disk;
    /** No cursor is where one has begun. */
    private final Map<SpaceId, Optional<Cursor>> cursors = new HashMap<>();

    private Map<SpaceId, Optional<Cursor>> saved = Map.of();

    PublishedCursors(Path workspace, Disk disk) {
        this.file = workspace.resolve(FILE);
        this.disk = disk;
    }

    /** All spaces that may have rows. */
    Set<SpaceId> spaces() {
        return new HashSet<>(cursors.keySet());
    }

    /** Up to where a space was published; empty if it is not known to have been, as a whole. */
    Optional<Cursor> of(SpaceId space) {
        return cursors.getOrDefault(space, Optional.empty());
    }

    void put(SpaceId space, Cursor cursor) {
        cursors.put(space, Optional.of(cursor));
    }

    void remove(SpaceId space) {
        cursors.remove(space);
    }

    /** Notes spaces that get rows from now on: so it is known of whom there are some, whatever happens. */
    void begin(Collection<SpaceId> spaces) throws IOException {
        spaces.forEach(space -> cursors.putIfAbsent(space, Optional.empty()));
        save();
    }

    void read() throws IOException {
        cursors.clear();
        try {
            for (String line : Files.readAllLines(file)) {
                int blank = line.lastIndexOf(' ');
                String cursor = line.substring(blank + 1);
                cursors.put(
                        SpaceId.of(line.substring(0, blank)),
                        cursor.isEmpty() ? Optional.empty() : Optional.of(new Cursor(cursor)));
            }
        } catch (NoSuchFileException e) {
            // nothing was published yet
        }
        saved = Map.copyOf(cursors);
    }

    void save() throws IOException {
        if (!cursors.equals(saved)) {
            StringBuilder lines = new StringBuilder();
            cursors.forEach((space, cursor) -> lines.append(space.name())
                    .append(' ')
                    .append(cursor.map(Cursor::text).orElse(""))
                    .append('\n'));
            disk.replace(file, lines.toString().getBytes(UTF_8));
            saved = Map.copyOf(cursors);
        }
    }
}
