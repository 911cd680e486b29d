package dev.watersmeet.benchmarks.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** What the disk takes to keep a document: no server that is durable answers sooner. */
final class DiskSync {
    private DiskSync() {}

    /**
     * Appends documents to a file, each with a sync of its own.
     *
     * @param folder on the disk of the servers
     * @param documents the first ones warm up
     */
    static Latency measure(Path folder, List<Sample> documents, int measured) throws IOException {
        Files.createDirectories(folder);
        double[] millis = new double[measured];
        int warmUp = documents.size() - measured;
        try (FileChannel file =
                FileChannel.open(folder.resolve("log"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int edit = 0; edit < documents.size(); edit++) {
                ByteBuffer document =
                        ByteBuffer.wrap(documents.get(edit).members().getBytes(UTF_8));
                long start = System.nanoTime();
                while (document.hasRemaining()) {
                    file.write(document);
                }
                file.force(false);
                if (edit >= warmUp) {
                    millis[edit - warmUp] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        return new Latency(millis);
    }
}
