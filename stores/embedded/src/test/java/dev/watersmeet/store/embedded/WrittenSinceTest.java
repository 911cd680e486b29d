package dev.watersmeet.store.embedded;

import static dev.watersmeet.store.embedded.Sample.document;
import static dev.watersmeet.store.embedded.Sample.edit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Path;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

class WrittenSinceTest {
    private static final SpaceId SPACE = SpaceId.of("space");
    private static final int BATCHES = 2_000;
    private static final int HORIZON = 1_000;

    @TempDir
    java.nio.file.Path folder;

    private static byte[] cell(int n) {
        return Keys.cell(Keys.document(Keys.space(SPACE), document("d" + n)), Path.register("field"));
    }

    @Test
    void whatWasBroughtIsNeverDeniedAndWhatWasNotSeldomSuspected() throws RocksDBException {
        try (EmbeddedStore store = EmbeddedStore.open(folder)) {
            for (int n = 1; n <= BATCHES; n += 100) {
                List<Batch> batches = IntStream.range(n, n + 100)
                        .mapToObj(i -> Batch.of(List.of(edit("d" + i, i, i))))
                        .toList();
                batches.parallelStream().forEach(batch -> store.join(SPACE, batch));
            }
        }
        try (Database database = Database.open(folder.resolve("rocksdb"), EmbeddedOptions.defaults())) {
            WrittenSince since = new WrittenSince(database, Keys.space(SPACE), HORIZON, BATCHES, 7);
            assertThat(IntStream.rangeClosed(1, BATCHES).filter(n -> since.mayHave(cell(n))))
                    .as("before anything was read")
                    .isEmpty();

            since.readTo(BATCHES);

            assertThat(IntStream.rangeClosed(HORIZON + 1, BATCHES)).allMatch(n -> since.mayHave(cell(n)));
            assertThat(IntStream.rangeClosed(1, HORIZON)
                            .filter(n -> since.mayHave(cell(n)))
                            .count())
                    .isLessThan(HORIZON / 50);
        }
    }

    @Test
    void largeBatchesAreToldApartAsWell() throws RocksDBException {
        try (EmbeddedStore store = EmbeddedStore.open(folder)) {
            for (int batch = 0; batch < 40; batch++) {
                int first = batch * 500;
                store.join(
                        SPACE,
                        Batch.of(IntStream.range(first, first + 500)
                                .mapToObj(i -> edit("d" + i, 1 + i, 1))
                                .toList()));
            }
        }
        try (Database database = Database.open(folder.resolve("rocksdb"), EmbeddedOptions.defaults())) {
            WrittenSince since = new WrittenSince(database, Keys.space(SPACE), 20, 40, 7);
            since.readTo(40);

            assertThat(IntStream.range(0, 10_000)
                            .filter(n -> since.mayHave(cell(n)))
                            .count())
                    .isLessThan(10_000 / 50);
        }
    }
}
