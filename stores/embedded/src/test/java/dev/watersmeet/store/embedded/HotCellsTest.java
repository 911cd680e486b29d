package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.embedded.Database.Family;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.PerfLevel;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What is merged again and again is read in few steps, and nothing of it is lost. */
class HotCellsTest {
    @TempDir
    Path folder;

    private Database database;
    private HotCells cells;

    @BeforeEach
    void open() {
        database = Database.open(folder, EmbeddedOptions.defaults());
        cells = new HotCells(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aCellThatIsWrittenAThousandTimesIsReadByFewMerges() throws RocksDBException {
        for (int edit = 0; edit < 1000; edit++) {
            write("hot", "%04d".formatted(edit));
        }

        database.rocks().setPerfLevel(PerfLevel.ENABLE_COUNT);
        database.rocks().getPerfContext().reset();
        assertThat(read("hot")).isEqualTo("0999");
        assertThat(database.rocks().getPerfContext().getInternalMergePointLookupCount())
                .isBetween(1L, HotCells.MAX_MERGES + 1L);
    }

    @Test
    void theGreatestIsKeptOfEachCellHoweverTheyAreGrouped() throws RocksDBException {
        Random random = new Random(7);
        Map<String, String> greatest = new HashMap<>();
        for (int group = 0; group < 300; group++) {
            try (WriteBatch writes = new WriteBatch()) {
                for (int i = random.nextInt(200); i > 0; i--) {
                    String key = "cell" + random.nextInt(5);
                    String value = "%08d".formatted(random.nextInt(100_000_000));
                    cells.merge(writes, key.getBytes(UTF_8), value.getBytes(UTF_8));
                    greatest.merge(key, value, (one, other) -> one.compareTo(other) > 0 ? one : other);
                }
                database.write(writes);
            }
            for (Map.Entry<String, String> cell : greatest.entrySet()) {
                assertThat(read(cell.getKey())).isEqualTo(cell.getValue());
            }
        }
    }

    private void write(String key, String value) throws RocksDBException {
        try (WriteBatch writes = new WriteBatch()) {
            cells.merge(writes, key.getBytes(UTF_8), value.getBytes(UTF_8));
            database.write(writes);
        }
    }

    private String read(String key) throws RocksDBException {
        return new String(database.get(Family.CELLS, key.getBytes(UTF_8)), UTF_8);
    }
}
