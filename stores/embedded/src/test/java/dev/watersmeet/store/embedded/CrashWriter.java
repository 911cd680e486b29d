package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.DocumentCells;
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
import org.rocksdb.RocksDB;

/**
 * Writes batches until it is killed, and notes each that was acknowledged in a file of its own, with the length that the write-ahead log had then. A program: its arguments are the store's folder, the file, the number of
 * the run, and the number of threads. It begins when its standard input has a byte, and is warm by then.
 */
final class CrashWriter {
    /** How many documents of its own a batch has; batches are whole or not there. */
    static final int DOCUMENTS = 3;

    private CrashWriter() {}

    public static void main(String[] arguments) throws IOException {
        RocksDB.loadLibrary();
        if (System.in.read() < 0) {
            return;
        }
        Path folder = Path.of(arguments[0]);
        Store store = EmbeddedStore.open(folder);
        FileChannel acknowledgements =
                FileChannel.open(Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        int run = Integer.parseInt(arguments[2]);
        for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
            Series series = new Series(run, i);
            new Thread(() -> write(store, series, acknowledgements, folder), "writer-" + i).start();
        }
    }

    private static void write(Store store, Series series, FileChannel acknowledgements, Path folder) {
        try {
            for (int n = 1; true; n++) {
                store.join(series.space(), series.batch(n));
                Acknowledged told =
                        new Acknowledged(series, n, LastLog.of(folder).length());
                acknowledgements.write(ByteBuffer.wrap((told + "\n").getBytes(UTF_8)));
                acknowledgements.force(false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A line of the file.
     *
     * @param log how long the write-ahead log was then, or a little later
     */
    record Acknowledged(Series series, int batch, long log) {
        static Acknowledged parse(String line) {
            String[] parts = line.split(" ", 3);
            return new Acknowledged(Series.parse(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
        }

        @Override
        public String toString() {
            return series.name() + " " + batch + " " + log;
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

        SpaceId space() {
            return SpaceId.of("run" + run);
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
    }
}
