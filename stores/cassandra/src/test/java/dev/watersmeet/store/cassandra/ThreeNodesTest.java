package dev.watersmeet.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
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
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.tck.Pushes;
import dev.watersmeet.testing.cassandra.CassandraCluster;
import dev.watersmeet.testing.cassandra.CassandraNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes with three copies, of which one is dead or frozen while stores go on. */
@EnabledIfEnvironmentVariable(named = "WATERSMEET_LONG", matches = ".+")
@Timeout(900)
class ThreeNodesTest {
    private static final SpaceId SPACE = SpaceId.of("space");
    private static final ReplicaId REPLICA = new ReplicaId(1);
    private static final DocumentId KEPT = DocumentId.of("things", "kept");
    private static final DocumentId DEAD = DocumentId.of("things", "dead");
    private static final int MAX_ATTEMPTS = 50;

    @TempDir
    static java.nio.file.Path folder;

    private static CassandraCluster cluster;
    private static CqlSession session;

    @BeforeAll
    static void start() throws InterruptedException {
        cluster = CassandraCluster.start(folder, 3);
        session = connectedToAll();
        openOnceNodesSeeEachOther();
    }

    /** Each node hears by itself that the others are up: the one that is asked may be the last. */
    private static void openOnceNodesSeeEachOther() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (true) {
            try {
                CassandraStore.open(session, CassandraOptions.defaults()).close();
                return;
            } catch (StoreException e) {
                if (e.kind() != StoreException.Kind.UNAVAILABLE || System.nanoTime() > deadline) {
                    throw e;
                }
            }
            Thread.sleep(500);
        }
    }

    @AfterAll
    static void end() {
        session.close();
        cluster.close();
    }

    /** A session, when the nodes know of each other: before, they agree on any schema. As the server's, it asks a second node where one is slow. */
    private static CqlSession connectedToAll() throws InterruptedException {
        CqlSession connected = Cluster.connect(cluster, config -> config.withDuration(
                        DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(10))
                .withString(
                        DefaultDriverOption.SPECULATIVE_EXECUTION_POLICY_CLASS, "ConstantSpeculativeExecutionPolicy")
                .withInt(DefaultDriverOption.SPECULATIVE_EXECUTION_MAX, 2)
                .withDuration(DefaultDriverOption.SPECULATIVE_EXECUTION_DELAY, Duration.ofMillis(500)));
        while (connected.getMetadata().getNodes().size() < cluster.nodes().size()) {
            Thread.sleep(100);
        }
        return connected;
    }

    private static Store open() {
        return CassandraStore.open(session, CassandraOptions.defaults());
    }

    @Test
    void nothingAcknowledgedIsLostWithANodeThatDiesAndOneThatIsFrozen() throws Exception {
        try (Store first = open();
                Store second = open()) {
            Pushes pushes = Pushes.through(SPACE, ThreeNodesTest::documents, first, second);
            pushes.awaitMore(100);
            CassandraNode dying = cluster.nodes().get(2);
            dying.kill();
            pushes.awaitMore(100);
            dying.restart();
            CassandraNode frozen = cluster.nodes().get(1);
            frozen.freeze();
            pushes.awaitMore(100);
            frozen.thaw();
            pushes.awaitMore(100);
            pushes.end();
        }
    }

    @Test
    void allThatAStoreDoesGoesOnWhileANodeIsDead() {
        CassandraNode node = cluster.nodes().get(2);
        SpaceId space = SpaceId.of("dead");
        try (Store running = open()) {
            prepare(running, space);
            node.kill();
            try (Store started = persist(ThreeNodesTest::open)) {
                assertAllGoesOn(space, running, started);
            }
        } finally {
            node.restart();
        }
    }

    @Test
    void allThatAStoreDoesGoesOnWhileANodeIsFrozen() {
        CassandraNode node = cluster.nodes().get(1);
        SpaceId space = SpaceId.of("frozen");
        try (Store running = open()) {
            prepare(running, space);
            node.freeze();
            try (Store started = persist(ThreeNodesTest::open)) {
                assertAllGoesOn(space, running, started);
            }
        } finally {
            node.thaw();
        }
    }

    /** What is written before a node goes: a document that lives, one that is to be purged, and a key of the metadata. */
    private static void prepare(Store store, SpaceId space) {
        Stamp stamp = Stamp.of(1_000, 0, REPLICA);
        store.join(
                space,
                Batch.of(List.of(
                        new DocumentCells(KEPT, DocumentState.of(Map.of(Path.existence(REPLICA), Cell.live(stamp)))),
                        new DocumentCells(
                                DEAD,
                                DocumentState.of(Map.of(
                                        Path.existence(REPLICA), Cell.live(stamp),
                                        Path.deletion(REPLICA), Cell.removed(stamp)))))));
        assertThat(store.metadata(space).compareAndSet("key", null, "before")).isTrue();
    }

    /** Metadata, joins, feeds, purges, new epochs and deletions, some by a server that was running, some by one that was started while the node was away. */
    private static void assertAllGoesOn(SpaceId space, Store running, Store started) {
        persist(() -> started.metadata(space).compareAndSet("key", "before", "after"));
        assertThat(persist(() -> running.metadata(space).get("key"))).contains("after");

        Cursor head = persist(() -> running.head(space));
        for (int number = 1; number <= 10; number++) {
            Mark mark = new Mark(REPLICA, "ada", number, "nonce" + number, "");
            Store store = number % 2 == 0 ? running : started;
            persist(() -> store.join(space, Batch.of(documents(mark))));
        }
        assertThat(told(running, space, head)).hasSize(10).isEqualTo(told(started, space, head));

        persist(() -> started.maintenance().purge(space, Instant.now().plusSeconds(60)));
        assertThat(persist(() -> running.read(space, List.of(KEPT, DEAD)))).containsOnlyKeys(KEPT);
        assertThat(persist(() -> running.check(space, head))).isNotEqualTo(CursorState.CURRENT);

        Cursor purged = persist(() -> running.head(space));
        persist(() -> {
            running.maintenance().renewEpoch(space);
            return space;
        });
        assertThat(persist(() -> started.check(space, purged))).isEqualTo(CursorState.BEFORE_RENEWAL);
        assertThat(persist(() -> started.scan(space, null, 1000)).documents()).hasSize(11);

        persist(() -> {
            started.maintenance().deleteSpace(space);
            return space;
        });
        assertThat(persist(() -> running.scan(space, null, 1000)).documents()).isEmpty();
        assertThat(persist(() -> running.maintenance().spaces(null, 1000))).doesNotContain(space);
        persist(() -> running.join(space, Batch.of(documents(new Mark(REPLICA, "ada", 1, "nonce", "")))));
        assertThat(persist(() -> started.scan(space, null, 1000)).documents()).hasSize(1);
    }

    private static Set<DocumentId> told(Store store, SpaceId space, Cursor from) {
        Set<DocumentId> told = new HashSet<>();
        Cursor at = from;
        boolean more = true;
        while (more) {
            Cursor after = at;
            Changes page = persist(() -> store.changes(space, after, 3));
            page.documents().forEach(document -> told.add(document.id()));
            at = page.cursor();
            more = page.more();
        }
        return told;
    }

    /** Does something again as long as it may be done again, as servers and clients do. */
    private static <T> T persist(Supplier<T> action) {
        for (int attempt = 1; ; attempt++) {
            try {
                return action.get();
            } catch (StoreException e) {
                if (!e.retryable() || attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Each node checks what is sent to it by its own settings. */
    @Test
    void theSettingsOfEveryNodeAreLookedAt() {
        CassandraNode node = cluster.nodes().get(2);
        node.management().refuseTimesAfter("1d");
        try {
            assertThat(Cluster.refusal(session, CassandraOptions.defaults()))
                    .hasMessageContaining("maximum_timestamp_fail_threshold is set to 1d on " + node.address());
        } finally {
            node.management().refuseTimesAfter(null);
        }
    }

    private static List<DocumentCells> documents(Mark mark) {
        ReplicaId replica = mark.replica();
        Stamp stamp = Stamp.of(1_700_000_000_000L + mark.number(), 0, replica);
        return List.of(new DocumentCells(
                DocumentId.of("things", replica + "-" + mark.number()),
                DocumentState.of(Map.of(
                        Path.existence(replica),
                        Cell.live(stamp),
                        Path.register("field"),
                        Cell.live(stamp, Value.of(mark.number()))))));
    }
}
