package dev.watersmeet.store.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.processlogs.RecordKey;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A space in a folder, and what is written to it. */
abstract class FolderTest {
    static final SpaceKey SPACE = new SpaceKey(SpaceId.of("space"), 7);
    static final RecordKey MARK = new RecordKey(SPACE.space(), 7, RecordKey.Kind.MARK, "replica");
    static final long LOG = 3;
    static final long ROOM = 1 << 20;

    @TempDir
    Path folder;

    @BeforeEach
    final void enlist() {
        real().enlist(SPACE);
    }

    final FolderBackend real() {
        return new FolderBackend(folder, Disk.real(), ROOM);
    }

    static DocumentCells cells(String id, long time) {
        Stamp stamp = new Stamp(time, new ReplicaId(1));
        return new DocumentCells(
                DocumentId.of("todos", id),
                DocumentState.of(
                        Map.of(dev.watersmeet.crdt.Path.register("title"), Cell.live(stamp, Value.of(id + time)))));
    }

    static Map<DocumentId, Map<dev.watersmeet.crdt.Path, Cell>> all(FolderBackend backend) {
        return backend.scan(SPACE, null, 1000).documents().stream()
                .collect(Collectors.toMap(
                        layered -> layered.document().id(),
                        layered -> Map.copyOf(layered.document().cells().cells())));
    }

    final Path only(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(ending)).toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }
}
