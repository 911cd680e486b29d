package dev.watersmeet.testing.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.embedded.EmbeddedOptions;
import dev.watersmeet.store.embedded.EmbeddedStore;
import dev.watersmeet.store.jdbc.JdbcStore;
import dev.watersmeet.store.memory.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.h2.jdbcx.JdbcDataSource;

/** Cursors of changes and positions of scans that stores did not give out: each store says so, or goes on from there (S-8, S-16). */
final class Positions {
    private static final SpaceId SPACE = SpaceId.of("shop");
    private static final int LIMIT = 2;
    private static final int DOCUMENTS = 5;
    private static final List<Store> STORES = List.of(filled(MemoryStore.empty()), filled(embedded()), filled(jdbc()));

    private Positions() {}

    private static Store embedded() {
        try {
            java.nio.file.Path folder = Files.createTempDirectory(
                    Files.createDirectories(java.nio.file.Path.of("target", "stores")), "fuzz");
            return EmbeddedStore.open(folder, new EmbeddedOptions(1 << 20, 1 << 20));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Store jdbc() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:fuzz;DB_CLOSE_DELAY=-1");
        return JdbcStore.open(database);
    }

    private static Store filled(Store store) {
        for (int i = 0; i < DOCUMENTS; i++) {
            Stamp stamp = Stamp.of(1_767_225_600_000L + i, 0, new ReplicaId(7));
            DocumentState cells = DocumentState.of(Map.of(Path.register("n"), Cell.live(stamp, Value.of(i))));
            store.join(SPACE, Batch.of(List.of(new DocumentCells(DocumentId.of("todos", "t" + i), cells))));
        }
        return store;
    }

    static void check(byte[] input) {
        Optional<Cursor> cursor = parse(Texts.text(input));
        cursor.ifPresent(found -> STORES.forEach(store -> check(store, found)));
    }

    private static Optional<Cursor> parse(String text) {
        try {
            return Optional.of(new Cursor(text));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private static void check(Store store, Cursor cursor) {
        CursorState state = store.check(SPACE, cursor);
        boolean read = unlessExpired(() -> store.changes(SPACE, cursor, LIMIT));
        assertThat(read).as("%s of %s", state, cursor).isEqualTo(state != CursorState.EXPIRED);
        unlessExpired(() -> store.scan(SPACE, cursor, LIMIT));
    }

    /** Whether something was read. */
    private static boolean unlessExpired(Runnable reading) {
        try {
            reading.run();
            return true;
        } catch (StoreException e) {
            assertThat(e.kind()).isEqualTo(StoreException.Kind.CURSOR_EXPIRED);
            return false;
        }
    }

    static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (Store store : STORES) {
            seeds.add(store.head(SPACE).text().getBytes(UTF_8));
            Cursor position = store.scan(SPACE, null, LIMIT).position();
            if (position != null) {
                seeds.add(position.text().getBytes(UTF_8));
            }
        }
        return seeds;
    }
}
