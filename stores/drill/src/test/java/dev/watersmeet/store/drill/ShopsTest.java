package dev.watersmeet.store.drill;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

/** Shops in a store, and publishers of them to a workspace of a real Drillbit. */
abstract class ShopsTest {
    static final SpaceId SPACE = SpaceId.of("space");
    static final long DAY = Duration.ofDays(1).toMillis();
    static final DrillClient NOBODY = DrillClient.of(URI.create("http://127.0.0.1:1"));

    final Store store = MemoryStore.empty();
    final Map<DocumentId, DocumentState> states = new HashMap<>();
    Queries queries;
    PublicationOptions options;
    long now = 1_700_000_000_000L;

    @BeforeEach
    final void workspace() throws IOException, InterruptedException {
        queries = Queries.ofNewWorkspace();
        options = queries.options().withDrill(Queries.client());
    }

    final Publisher publisher(PublicationOptions with) {
        return publisher(with, Schema.empty(), Disk.real());
    }

    final Publisher publisher(PublicationOptions with, Schema schema, Disk disk) {
        return new Publisher(store, queries.folder(), schema, with, disk, () -> now, Runnable::run);
    }

    final void put(String id, Map<String, ?> record) {
        edit(SPACE, "shops", id, record, CollectionSchema.REGISTERS);
    }

    final void edit(SpaceId space, String collection, String id, Map<String, ?> record, CollectionSchema schema) {
        DocumentId document = DocumentId.of(collection, id);
        DocumentState state = states.computeIfAbsent(document, key -> DocumentState.empty());
        Stamp stamp = Stamp.of(++now, 0, new ReplicaId(1));
        DocumentState edit = Records.put(state, schema, stamp, Value.of(record));
        state.join(edit);
        store.join(space, Batch.of(List.of(new DocumentCells(document, edit))));
    }

    final void delete(String id) {
        DocumentId document = DocumentId.of("shops", id);
        DocumentState state = requireNonNull(states.get(document));
        DocumentState edit = Records.delete(state, CollectionSchema.REGISTERS, Stamp.of(++now, 0, new ReplicaId(1)));
        state.join(edit);
        store.join(SPACE, Batch.of(List.of(new DocumentCells(document, edit))));
    }

    final void putMany(String name, int count) {
        for (int i = 0; i < count; i++) {
            put(name + i, Map.of("title", name + " " + i, "number", (double) i));
        }
    }

    static void rounds(Publisher publisher, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            publisher.round();
        }
    }

    final double shops() throws IOException, InterruptedException {
        return queries.number("SELECT COUNT(*) AS n FROM $shops");
    }

    final List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(queries.folder())) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    final Map<Path, FileTime> times() throws IOException {
        Map<Path, FileTime> times = new HashMap<>();
        for (Path file : files(".json")) {
            times.put(file, Files.getLastModifiedTime(file));
        }
        return times;
    }
}
