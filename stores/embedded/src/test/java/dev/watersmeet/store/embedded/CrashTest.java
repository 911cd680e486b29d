package dev.watersmeet.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.embedded.CrashWriter.Acknowledged;
import dev.watersmeet.store.embedded.CrashWriter.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A writer is killed again and again, on one database. After each time, all that it was told is written is there, and nothing by halves. */
class CrashTest {
    private static final boolean LONG = "1".equals(System.getenv("WATERSMEET_LONG"));
    private static final int KILLS = LONG ? 350 : 35;
    private static final int POWER_FAILURES = LONG ? 250 : 25;
    private static final long SEED = 20_261_122;
    /** From the moment that the writer opens the store: some are killed while they do. */
    private static final int LONGEST_LIFE_MILLIS = 250;

    private static final int LONGEST_WRITING_MILLIS = 60;

    @TempDir
    Path temporary;

    private final Random random = new Random(SEED);

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void whatWasAcknowledgedSurvivesKilling() throws Exception {
        crash(KILLS, 4, false);
    }

    /** With one thread: the length of the log at an acknowledgement is then exactly what was synced. */
    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void whatWasAcknowledgedSurvivesThePowersFailing() throws Exception {
        crash(POWER_FAILURES, 1, true);
    }

    private void crash(int times, int threads, boolean losePower) throws Exception {
        Path folder = temporary.resolve("store");
        EmbeddedStore.open(folder).close();
        Map<Series, Acknowledged> all = new HashMap<>();
        try (CrashedWriters writers = new CrashedWriters(temporary, folder, threads)) {
            for (int run = 1; run <= times; run++) {
                boolean writing = random.nextBoolean();
                Path file = writers.killNext(
                        writing, random.nextInt(writing ? LONGEST_WRITING_MILLIS : LONGEST_LIFE_MILLIS));
                Map<Series, Acknowledged> acknowledged = read(file);
                all.putAll(acknowledged);
                if (losePower) {
                    LastLog.of(folder).losePower(synced(acknowledged), random);
                }
                try (Store store = EmbeddedStore.open(folder)) {
                    check(store, run, threads, acknowledged);
                }
            }
        }
        assertThat(all.values().stream().mapToInt(Acknowledged::batch).sum())
                .as("acknowledged batches")
                .isGreaterThan(times);
        try (EmbeddedStore store = EmbeddedStore.open(folder)) {
            all.forEach((series, told) -> assertThat(marked(store, series)).isGreaterThanOrEqualTo(told.batch()));
            assertThat(store.checkIntegrity().problems()).isEmpty();
        }
    }

    /** The last acknowledged batch of each series. A line without an end was not written to its end. */
    private static Map<Series, Acknowledged> read(Path file) throws IOException {
        Map<Series, Acknowledged> last = new HashMap<>();
        if (Files.exists(file)) {
            String text = Files.readString(file);
            text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(Acknowledged::parse)
                    .forEach(told -> last.put(told.series(), told));
        }
        return last;
    }

    private static long synced(Map<Series, Acknowledged> acknowledged) {
        return acknowledged.values().stream().mapToLong(Acknowledged::log).max().orElse(0);
    }

    private static void check(Store store, int run, int threads, Map<Series, Acknowledged> acknowledged) {
        Map<DocumentId, DocumentState> expected = new HashMap<>();
        for (int thread = 0; thread < threads; thread++) {
            Series series = new Series(run, thread);
            int told =
                    acknowledged.containsKey(series) ? acknowledged.get(series).batch() : 0;
            int marked = marked(store, series);
            assertThat(marked).as("batches of %s", series).isBetween(told, told + 1);
            for (int n = 1; n <= marked; n++) {
                Everything.join(expected, series.batch(n).documents());
            }
            if (marked > 0) {
                assertThat(store.mark(series.space(), series.replica())).contains(series.mark(marked));
            }
        }
        assertThat(Everything.scanned(store, new Series(run, 0).space()))
                .as("documents of run %d", run)
                .isEqualTo(expected);
        assertThat(Everything.followed(store, new Series(run, 0).space()))
                .as("log of run %d", run)
                .isEqualTo(expected);
    }

    private static int marked(Store store, Series series) {
        return store.mark(series.space(), series.replica())
                .map(Mark::number)
                .orElse(0L)
                .intValue();
    }
}
