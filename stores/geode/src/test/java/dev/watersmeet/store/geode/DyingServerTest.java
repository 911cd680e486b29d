package dev.watersmeet.store.geode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.tck.Pushes;
import dev.watersmeet.testing.forked.ForkedServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Two stores, one of which merges by the function and one by compare-and-set, write the same documents while servers of Geode are killed, or frozen. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DyingServerTest {
    private static final SpaceId SPACE = SpaceId.of("space");
    private static final int SHARED = 5;

    @Test
    void nothingAcknowledgedIsLostWhicheverServerDies() throws Exception {
        RegionsFixture withFunctions = new RegionsFixture(GeodeOptions.defaults());
        try (Store first = withFunctions.open();
                Store second = withFunctions.openWithoutFunctions()) {
            Pushes pushes = Pushes.through(SPACE, DyingServerTest::documents, first, second);
            pushes.awaitMore(20);
            for (ForkedServer server : Cluster.cluster().servers()) {
                server.kill();
                pushes.awaitMore(20);
                server.restart();
                pushes.awaitMore(20);
            }
            pushes.end();
        }
        withFunctions.close();
    }

    /** The others take it for dead after two seconds, and take over what it was first for. It learns of that only when it goes on. */
    @Test
    @EnabledIfEnvironmentVariable(named = "WATERSMEET_LONG", matches = ".+")
    void nothingAcknowledgedIsLostThoughAServerThatWasExpelledGoesOn() throws Exception {
        RegionsFixture withFunctions = new RegionsFixture(GeodeOptions.defaults());
        ForkedServer server = Cluster.cluster().servers().get(0);
        try (Store first = withFunctions.open();
                Store second = withFunctions.openWithoutFunctions()) {
            Pushes pushes = Pushes.through(SPACE, DyingServerTest::documents, first, second);
            for (int i = 0; i < 3; i++) {
                pushes.awaitMore(50);
                server.freeze();
                pushes.awaitMore(100); // not before it is expelled
                server.thaw();
            }
            pushes.awaitMore(100);
            pushes.end();
        } finally {
            server.thaw();
            server.restart();
        }
        withFunctions.close();
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAllWereKilledAtOnce() throws Exception {
        RegionsFixture fixture = new RegionsFixture(GeodeOptions.defaults());
        try (Store store = fixture.open()) {
            Mark mark = new Mark(new ReplicaId(1), "ada", 1, "nonce", "");
            store.join(SPACE, Batch.of(documents(mark), mark));

            Cluster.cluster().restart();

            assertThat(whenAnswered(() -> store.mark(SPACE, mark.replica()))).contains(mark);
            assertThat(scanned(store)).hasSize(SHARED);
        }
        fixture.close();
    }

    private static <T> T whenAnswered(Supplier<T> question) throws InterruptedException {
        while (true) {
            try {
                return question.get();
            } catch (StoreException e) {
                assertThat(e.retryable()).as("%s", e).isTrue();
                Thread.sleep(200);
            }
        }
    }

    private static Path field(Mark mark) {
        return Path.register("r" + mark.replica() + "n" + mark.number());
    }

    /** The documents that all of them write, each push to a field of its own. */
    private static List<DocumentCells> documents(Mark mark) {
        Stamp stamp = Stamp.of(1_700_000_000_000L + mark.number(), 0, mark.replica());
        List<DocumentCells> documents = new ArrayList<>();
        for (int i = 0; i < SHARED; i++) {
            documents.add(new DocumentCells(
                    DocumentId.of("things", "shared" + i),
                    DocumentState.of(Map.of(
                            Path.existence(mark.replica()),
                            Cell.live(stamp),
                            field(mark),
                            Cell.live(stamp, Value.of(i))))));
        }
        return documents;
    }

    private static Set<DocumentId> scanned(Store store) {
        Set<DocumentId> found = new HashSet<>();
        @Nullable Cursor position = null;
        do {
            Scan page = store.scan(SPACE, position, 1000);
            page.documents().forEach(document -> found.add(document.id()));
            position = page.position();
        } while (position != null);
        return found;
    }
}
