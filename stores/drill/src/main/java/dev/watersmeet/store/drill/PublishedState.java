package dev.watersmeet.store.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.SpaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far cells were published, as a file of lines: the generation of their table, then a space and a cursor each.
 *
 * @param cellsGeneration the generation
 * @param cursors up to where each space was read
 */
record PublishedState(long cellsGeneration, Map<SpaceId, Cursor> cursors) {
    private static final String FILE = Disk.UNFINISHED + "published"; // which Drill passes by

    PublishedState {
        cursors = Map.copyOf(cursors);
    }

    static PublishedState read(Path workspace) throws IOException {
        try {
            List<String> lines = Files.readAllLines(workspace.resolve(FILE));
            Map<SpaceId, Cursor> cursors = new HashMap<>();
            for (String line : lines.subList(1, lines.size())) {
                int blank = line.indexOf(' ');
                cursors.put(SpaceId.of(line.substring(0, blank)), new Cursor(line.substring(blank + 1)));
            }
            return new PublishedState(Long.parseLong(lines.get(0)), cursors);
        } catch (NoSuchFileException e) {
            return new PublishedState(1, Map.of());
        }
    }

    void write(Path workspace, Disk disk) throws IOException {
        StringBuilder lines = new StringBuilder().append(cellsGeneration).append('\n');
        cursors.forEach((space, cursor) ->
                lines.append(space).append(' ').append(cursor.text()).append('\n'));
        byte[] bytes = lines.toString().getBytes(UTF_8);
        Path file = workspace.resolve(FILE);
        if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
            disk.replace(file, bytes);
        }
    }
}
