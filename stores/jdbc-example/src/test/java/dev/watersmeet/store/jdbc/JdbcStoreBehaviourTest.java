package dev.watersmeet.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kit cannot know of: connections, failures of the database, pages of a purge. */
class JdbcStoreBehaviourTest {
    private static final SpaceId SPACE = SpaceId.of("space");
    private static final ReplicaId REPLICA = new ReplicaId(1);
    private static final Stamp STAMP = Stamp.of(1_700_000_000_000L, 0, REPLICA);

    private final JdbcConnectionPool pool =
            JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
    private final AtomicLong millis = new AtomicLong(1_000);
    private Store store;

    @BeforeEach
    void openWithOneConnection() {
        pool.setMaxConnections(1);
        pool.setLoginTimeout(2);
        store = JdbcStore.open(pool, millis::get);
    }

    @AfterEach
    void close() {
        store.close();
        pool.dispose();
    }

    private static DocumentCells document(String id, int valueLength) {
        return new DocumentCells(
                DocumentId.of("things", id),
                DocumentState.of(Map.of(
                        Path.existence(REPLICA),
                        Cell.live(STAMP),
                        Path.register("field"),
                        Cell.live(STAMP, Value.of("x".repeat(valueLength))))));
    }

    private static DocumentCells deletion(String id) {
        return new DocumentCells(
                DocumentId.of("things", id), DocumentState.of(Map.of(Path.deletion(REPLICA), Cell.removed(STAMP))));
    }

    @Test
    void noCallNeedsASecondConnection() {
        store.join(SPACE, Batch.of(List.of(document("one", 1))));
        store.head(SpaceId.of("named"));
        assertThat(store.metadata(SpaceId.of("decided")).compareAndSet("key", null, "value"))
                .isTrue();
        store.maintenance().renewEpoch(SpaceId.of("renewed"));

        store.maintenance().deleteSpace(SPACE);

        assertThat(store.read(SPACE, List.of(DocumentId.of("things", "one")))).isEmpty();
    }

    @Test
    void aLargePurgeIsReadInPages() {
        List<DocumentCells> documents = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            documents.add(document("dead" + i, 100_000));
        }
        store.join(SPACE, Batch.of(documents));
        Cursor cursor = store.join(
                SPACE,
                Batch.of(IntStream.range(0, 40)
                        .mapToObj(i -> deletion("dead" + i))
                        .toList()));

        assertThat(store.maintenance().purge(SPACE, Instant.ofEpochMilli(millis.incrementAndGet())))
                .isEqualTo(new Purged(40, 120));

        int dropped = 0;
        int pages = 0;
        Changes page;
        do {
            page = store.changes(SPACE, cursor, 1000);
            assertThat(page.dropped()).hasSizeBetween(1, 12);
            dropped += page.dropped().size();
            pages++;
            cursor = page.cursor();
        } while (page.more());
        assertThat(dropped).isEqualTo(40);
        assertThat(pages).isGreaterThan(2);
        assertThat(cursor).isEqualTo(store.head(SPACE));
    }

    @Test
    void whatWillFailAgainIsNotRetryable() {
        execute("ALTER TABLE mark DROP COLUMN outcome");

        assertThat(failure(() -> store.mark(SPACE, REPLICA)).retryable()).isFalse();
    }

    @Test
    void aDatabaseThatIsGoneIsRetryable() {
        execute("SHUTDOWN");

        assertThat(failure(() -> store.mark(SPACE, REPLICA)).kind()).isEqualTo(StoreException.Kind.UNAVAILABLE);
    }

    private static StoreException failure(ThrowingCallable call) {
        StoreException failure = catchThrowableOfType(StoreException.class, call);
        assertThat(failure).as("failed").isNotNull();
        return failure;
    }

    private void execute(String statement) {
        try (Connection connection = pool.getConnection();
                Statement prepared = connection.createStatement()) {
            prepared.execute(statement);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
