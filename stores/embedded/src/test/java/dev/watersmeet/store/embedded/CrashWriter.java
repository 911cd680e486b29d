package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes batches from several threads until it is killed, and notes each that was acknowledged in a file of its own. A program: its arguments are the store's folder, the file, and the number of the run.
 */
final class CrashWriter {
    static final SpaceId SPACE = SpaceId.of("crash");
    static final int THREADS = 4;
    /** How many documents a batch has; batches are whole or not there. */
    static final int DOCUMENTS = 3;

    private CrashWriter() {}

    public static void main(String[] arguments) throws IOException {
        Store store = EmbeddedStore.open(Path.of(arguments[0]));
        FileChannel acknowledgements =
                FileChannel.open(Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        int run = Integer.parseInt(arguments[2]);
        for (int i = 0; i < THREADS; i++) {
            Series series = new Series(run, i);
            new Thread(() -> write(store, series, acknowledgements), "writer-" + i).start();
        }
    }

    private static void write(Store store, Series series, FileChannel acknowledgements) {
        try {
            for (int n = 1; true; n++) {
                store.join(SPACE, series.batch(n));
                acknowledgements.write(ByteBuffer.wrap((series.name() + " " + n + "\n").getBytes(UTF_8)));
                acknowledgements.force(false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The batches of one thread in one run: pushes of one replica, in order. */
    record Series(int run, int thread) {
        static Series parse(String name) {
            String[] parts = name.split("-", 2);
            return new Series(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        }

        String name() {
            return run + "-" + thread;
        }

        ReplicaId replica() {
            return new ReplicaId(run * 1000L + thread);
        }

        Batch batch(int n) {
            List<DocumentCells> documents = new ArrayList<>();
            for (int i = 0; i < DOCUMENTS; i++) {
                documents.add(Sample.edit(name() + " " + n + " " + i, n, "x".repeat(n * 37 % 3000)));
            }
            // One document that all batches of a series edit: its merges pile up over runs of the database.
            documents.add(Sample.edit(name(), n, n));
            return Batch.of(documents, mark(n));
        }

        Mark mark(int n) {
            return new Mark(replica(), "writer", n, "nonce" + n, "");
        }

        DocumentId shared() {
            return Sample.document(name());
        }
    }
}
