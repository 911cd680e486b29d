package dev.watersmeet.store.geode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.geode.function.StoreRegions;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.geode.cache.Region;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What nobody can go on with is said to be unusable, and why. */
class UnusableTest {
    private static final SpaceId SPACE = SpaceId.of("space");
    private static final ReplicaId REPLICA = new ReplicaId(1);
    private static final DocumentId DOCUMENT = DocumentId.of("things", "one");
    private static final byte OTHER_FORM = 9;

    private static Batch batch(long n) {
        return Batch.of(List.of(new DocumentCells(
                DOCUMENT,
                DocumentState.of(
                        Map.of(Path.existence(REPLICA), Cell.live(Stamp.of(1_700_000_000_000L + n, 0, REPLICA)))))));
    }

    private static StoreException unusable(ThrowingCallable call) {
        StoreException failure = catchThrowableOfType(StoreException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).as("%s", failure).isEqualTo(StoreException.Kind.UNUSABLE);
        return failure;
    }

    @Test
    void aDocumentOfALaterVersionIsNeitherReadNorWrittenOver() {
        GeodeOptions options = GeodeOptions.defaults();
        RegionsFixture fixture = new RegionsFixture(options);
        try (Store byFunction = fixture.open();
                Store fromHere = fixture.openWithoutFunctions()) {
            byFunction.join(SPACE, batch(1));
            Region<String, byte[]> documents = Objects.requireNonNull(
                    Cluster.cache().getRegion(StoreRegions.name(fixture.prefix(), StoreRegions.CELL)));
            byte[] later = {OTHER_FORM, 0};
            documents.keySetOnServer().forEach(key -> documents.put(key, later));

            for (Store store : List.of(byFunction, fromHere)) {
                assertThat(unusable(() -> store.read(SPACE, List.of(DOCUMENT)))).hasMessageContaining("form 9");
                assertThat(unusable(() -> store.scan(SPACE, null, 10))).hasMessageContaining("later version");
                assertThat(unusable(() -> store.join(SPACE, batch(2)))).hasMessageContaining("form 9");
            }
            assertThat(documents.getAll(documents.keySetOnServer()).values()).containsExactly(later);
        }
        fixture.close();
    }

    @Test
    void whereThereIsACacheASecondOneIsRefusedAndWhatToDoIsSaid() {
        Cluster.cache();

        StoreException failure = unusable(() -> GeodeStore.connect(
                List.of(InetSocketAddress.createUnresolved("127.0.0.1", 1)),
                new Properties(),
                GeodeOptions.defaults()));

        assertThat(failure).hasMessageContaining("GeodeStore.open");
        assertThat(Cluster.cache().isClosed()).isFalse();
    }
}
