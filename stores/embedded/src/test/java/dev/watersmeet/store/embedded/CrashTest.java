package dev.watersmeet.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.embedded.CrashWriter.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A writer is killed again and again. After each time, all that it was told is written is there, and nothing by halves. */
class CrashTest {
    private static final int KILLS = 16;
    private static final long SEED = 20_261_122;
    private static final int LONGEST_LIFE_MILLIS = 600;

    @TempDir
    Path temporary;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void whatWasAcknowledgedSurvivesKilling() throws Exception {
        Path folder = temporary.resolve("store");
        Random random = new Random(SEED);
        Cursor start;
        try (Store store = EmbeddedStore.open(folder)) {
            start = store.head(CrashWriter.SPACE);
        }
        int total = 0;
        for (int run = 1; run <= KILLS; run++) {
            Path acknowledgements = temporary.resolve("acknowledged-" + run);
            killWhileWriting(folder, acknowledgements, run, random.nextInt(LONGEST_LIFE_MILLIS));

            Map<Series, Integer> acknowledged = read(acknowledgements);
            total += acknowledged.values().stream().mapToInt(Integer::intValue).sum();
            try (Store store = EmbeddedStore.open(folder)) {
                check(store, run, acknowledged, start);
            }
        }
        assertThat(total).as("acknowledged batches").isGreaterThan(KILLS);
    }

    /** Lets a writer live for some time after its first acknowledgement, then kills it so that it cannot clean up. */
    private void killWhileWriting(Path folder, Path acknowledgements, int run, int life) throws Exception {
        Path output = temporary.resolve("output-" + run);
        Path unpacked = Files.createDirectories(temporary.resolve("unpacked"));
        Process writer = Forked.start(CrashWriter.class, unpacked, output, folder, acknowledgements, run);
        try {
            while (!Files.exists(acknowledgements) || Files.size(acknowledgements) == 0) {
                assertThat(writer.isAlive()).as(Files.readString(output)).isTrue();
                Thread.sleep(2);
            }
            Thread.sleep(life);
            assertThat(writer.isAlive()).as(Files.readString(output)).isTrue();
        } finally {
            writer.destroyForcibly().waitFor();
        }
    }

    /** The last acknowledged batch of each series. A line without an end was not written to its end. */
    private static Map<Series, Integer> read(Path acknowledgements) throws IOException {
        String text = Files.readString(acknowledgements);
        Map<Series, Integer> last = new HashMap<>();
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(line -> {
            int space = line.indexOf(' ');
            last.merge(Series.parse(line.substring(0, space)), Integer.parseInt(line.substring(space + 1)), Math::max);
        });
        return last;
    }

    private static void check(Store store, int run, Map<Series, Integer> acknowledged, Cursor start) {
        Map<DocumentId, DocumentState> scanned = scan(store);
        assertThat(follow(store, start))
                .as("the log and the cells of run %d", run)
                .isEqualTo(scanned);
        for (int thread = 0; thread < CrashWriter.THREADS; thread++) {
            Series series = new Series(run, thread);
            int told = acknowledged.getOrDefault(series, 0);
            int marked = store.mark(CrashWriter.SPACE, series.replica())
                    .map(Mark::number)
                    .orElse(0L)
                    .intValue();
            assertThat(marked).as("batches of %s", series).isBetween(told, told + 1);

            Map<DocumentId, DocumentState> expected = expected(series, marked);
            Map<DocumentId, DocumentState> found = new HashMap<>(scanned);
            found.keySet()
                    .removeIf(id ->
                            !id.equals(series.shared()) && !id.id().text().startsWith("\"" + series.name() + " "));
            assertThat(found).as("documents of %s", series).isEqualTo(expected);
            if (marked > 0) {
                assertThat(store.mark(CrashWriter.SPACE, series.replica())).contains(series.mark(marked));
            }
        }
    }

    private static Map<DocumentId, DocumentState> expected(Series series, int batches) {
        Map<DocumentId, DocumentState> expected = new TreeMap<>();
        for (int n = 1; n <= batches; n++) {
            join(expected, series.batch(n).documents());
        }
        return expected;
    }

    private static Map<DocumentId, DocumentState> scan(Store store) {
        Map<DocumentId, DocumentState> found = new HashMap<>();
        Scan page = store.scan(CrashWriter.SPACE, null, 5000);
        join(found, page.documents());
        while (page.position() != null) {
            page = store.scan(CrashWriter.SPACE, page.position(), 5000);
            join(found, page.documents());
        }
        return found;
    }

    private static Map<DocumentId, DocumentState> follow(Store store, Cursor start) {
        Map<DocumentId, DocumentState> found = new HashMap<>();
        Changes page = store.changes(CrashWriter.SPACE, start, 5000);
        join(found, page.documents());
        while (page.more()) {
            page = store.changes(CrashWriter.SPACE, page.cursor(), 5000);
            join(found, page.documents());
        }
        return found;
    }

    private static void join(Map<DocumentId, DocumentState> found, List<DocumentCells> documents) {
        documents.forEach(delta ->
                found.computeIfAbsent(delta.id(), id -> DocumentState.empty()).join(delta.cells()));
    }
}
