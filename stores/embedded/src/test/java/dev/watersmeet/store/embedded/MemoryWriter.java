package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Writes batches of a MiB, then one of four by 64 writers at once, and reads all again. A program: its arguments are the store's folder and the number of batches; it prints the peak of its resident memory in KiB. */
final class MemoryWriter {
    private static final SpaceId SPACE = SpaceId.of("large");
    private static final int WRITERS = 64;
    private static final int DOCUMENTS = 1000;
    private static final int VALUE_BYTES = 768; // of which base64 makes a KiB

    private MemoryWriter() {}

    public static void main(String[] arguments) throws IOException {
        int batches = Integer.parseInt(arguments[1]);
        Random random = new Random(1);
        try (EmbeddedStore store = EmbeddedStore.open(Path.of(arguments[0]))) {
            for (int n = 0; n < batches; n++) {
                store.join(SPACE, Batch.of(documents(n, random)));
            }
            writeAtOnce(
                    store,
                    Batch.of(Stream.of(1, 2, 3, 4)
                            .flatMap(n -> documents(-n, random).stream())
                            .toList()));
            if (store.count(SPACE) != (batches + 4L) * DOCUMENTS) {
                throw new IllegalStateException("not all is there");
            }
        }
        System.out.println(peakKib());
    }

    /** Many writers of one large batch: together they would fill the heap some times over. */
    private static void writeAtOnce(EmbeddedStore store, Batch batch) {
        try {
            ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
            List<Future<?>> written = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                written.add(writers.submit(() -> store.join(SPACE, batch)));
            }
            for (Future<?> each : written) {
                each.get();
            }
            writers.shutdown();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("not all writers got through", e);
        }
    }

    private static List<DocumentCells> documents(int batch, Random random) {
        List<DocumentCells> documents = new ArrayList<>();
        byte[] value = new byte[VALUE_BYTES];
        for (int i = 0; i < DOCUMENTS; i++) {
            random.nextBytes(value);
            // Spread over all keys, so that compactions have something to do.
            documents.add(
                    Sample.edit(i + " " + batch, batch, Base64.getEncoder().encodeToString(value)));
        }
        return documents;
    }

    private static String peakKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .findFirst()
                .orElseThrow();
    }
}
