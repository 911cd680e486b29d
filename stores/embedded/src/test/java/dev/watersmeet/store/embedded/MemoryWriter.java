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

/** Writes batches of a MiB and reads all again. A program: its arguments are the store's folder and the number of batches; it prints the peak of its resident memory in KiB. */
final class MemoryWriter {
    private static final SpaceId SPACE = SpaceId.of("large");
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
            if (store.count(SPACE) != (long) batches * DOCUMENTS) {
                throw new IllegalStateException("not all is there");
            }
        }
        System.out.println(peakKib());
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
