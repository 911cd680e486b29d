package dev.watersmeet.benchmarks.server;

import static dev.watersmeet.benchmarks.Contender.BARE_JETTY;
import static dev.watersmeet.benchmarks.Contender.BUDGET;
import static dev.watersmeet.benchmarks.Contender.DISK_SYNC;
import static dev.watersmeet.benchmarks.Contender.FIRST_SYNC;
import static dev.watersmeet.benchmarks.Contender.POUCHDB;
import static dev.watersmeet.benchmarks.Contender.POUCHDB_FIRST;
import static dev.watersmeet.benchmarks.Contender.POUCHDB_LATER;
import static dev.watersmeet.benchmarks.Contender.WATERSMEET;
import static dev.watersmeet.benchmarks.Contender.WATERSMEET_BINARY;
import static dev.watersmeet.benchmarks.Contender.Y_WEBSOCKET;

import dev.watersmeet.benchmarks.Contender;
import dev.watersmeet.benchmarks.Folders;
import dev.watersmeet.benchmarks.Result;
import dev.watersmeet.benchmarks.Row;
import dev.watersmeet.benchmarks.Row.Better;
import dev.watersmeet.benchmarks.Score;
import dev.watersmeet.format.MessageForm;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** The rows of {@code bin/bench server}, with their goals. */
public final class ServerSuite {
    /** What is compared, and how durable each side is. */
    public static final List<String> NOTES = List.of(
            "Watersmeet syncs each push to the disk before it answers (RocksDB's log, fsync), and so does bare Jetty. pouchdb-server hands writes to LevelDB without"
                    + " asking for a sync, as it always does: they survive its own death, not the machine's. y-websocket keeps documents in memory only.",
            "Batches of " + DocumentSpace.BATCH
                    + " documents, one client with one connection, uncompressed JSON. Rates are"
                    + " measured with Java's client for HTTP; the clients of live-p50 and live-p99 run in Node, all alike.");

    private static final String HEAP = "-Xmx512m";
    private static final String[] HEAP_IN_MEMORY = {"-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch"};

    private static final double CONNECTION_BUDGET_BYTES = 32 << 10;

    private final Consumer<Result> results;
    private final Path folder;
    private final Size size;

    /**
     * How much is done.
     *
     * @param documents of a set
     * @param warmUps of reading and writing: servers run for days, and all virtual machines compile what runs often
     * @param repetitions of reading and writing, of which the median counts
     * @param edits that travel
     * @param warmUpEdits that travel before
     * @param connections that are open
     */
    private record Size(int documents, int warmUps, int repetitions, int edits, int warmUpEdits, int connections) {
        static final Size FULL = new Size(20_000, 6, 5, 1_000, 10_000, 5_000);
        static final Size QUICK = new Size(20_000, 1, 1, 200, 200, 2_000);

        int changed() {
            return documents / 100;
        }
    }

    /**
     * A suite that hands each result out when it is there.
     *
     * @param folder where the servers keep their data; it is deleted
     */
    public ServerSuite(boolean quick, Consumer<Result> results, Path folder) {
        this.results = results;
        this.folder = folder.toAbsolutePath();
        this.size = quick ? Size.QUICK : Size.FULL;
    }

    /** What was measured of one server. */
    private static final class Measured {
        private final List<Double> ingest = new ArrayList<>();
        private final List<Double> pull = new ArrayList<>();
        private final List<Double> first = new ArrayList<>();
        private final List<Double> later = new ArrayList<>();
    }

    /** Runs all rows. */
    public void run() throws IOException {
        Folders.delete(folder); // of a run that was ended
        try {
            measureAll();
        } finally {
            Folders.delete(folder);
        }
    }

    private void measureAll() throws IOException {
        double binary;
        try (WatersmeetPeer ours = WatersmeetPeer.start(folder.resolve("binary"), MessageForm.BATCH, HEAP)) {
            binary = median(measure(ours, false).ingest);
        }
        Measured we;
        Latency ourLatency;
        List<Double> bare;
        try (WatersmeetPeer ours = WatersmeetPeer.start(folder.resolve("ours"), MessageForm.JSON, HEAP)) {
            bare = bare(ours);
            we = measure(ours, true);
            ourLatency = latency(ours);
        }
        Measured pouch;
        Latency pouchLatency;
        try (PouchPeer server = PouchPeer.start(folder.resolve("pouchdb"))) {
            pouch = measure(server, true);
            pouchLatency = latency(server);
        }
        List<Sample> edits = Sample.of("live", size.warmUpEdits + size.edits, 7);
        Latency yjs = YWebsocket.measure(folder.resolve("y-websocket"), edits, size.edits);
        Latency disk = DiskSync.measure(folder.resolve("disk"), edits, size.edits);
        result(
                new Row("ingest", "documents/s", Better.MORE, 10, 0.5),
                score(WATERSMEET, median(we.ingest)),
                score(WATERSMEET_BINARY, binary),
                score(BARE_JETTY, median(bare)),
                score(POUCHDB, median(pouch.ingest)));
        result(
                new Row("pull", "documents/s", Better.MORE, 10, 0),
                score(WATERSMEET, median(we.pull)),
                score(POUCHDB, median(pouch.pull)));
        live("live-p50", 0.5, 0.25, ourLatency, pouchLatency, yjs, disk);
        live("live-p99", 0.99, 0, ourLatency, pouchLatency, yjs, disk);
        result(
                new Row("catch-up", "ms", Better.LESS, 20, 0),
                score(WATERSMEET, median(we.later)),
                score(FIRST_SYNC, median(we.first)),
                score(POUCHDB_LATER, median(pouch.later)),
                score(POUCHDB_FIRST, median(pouch.first)));
        connections();
    }

    private void live(
            String name, double part, double limitGoal, Latency ours, Latency pouch, Latency yjs, Latency disk) {
        result(
                new Row(name, "ms", Better.LESS, 3, limitGoal),
                score(WATERSMEET, ours.percentile(part)),
                score(POUCHDB, pouch.percentile(part)),
                score(Y_WEBSOCKET, yjs.percentile(part)),
                score(DISK_SYNC, disk.percentile(part)));
    }

    private void connections() throws IOException {
        try (WatersmeetPeer ours =
                WatersmeetPeer.start(folder.resolve("connections"), MessageForm.JSON, HEAP_IN_MEMORY)) {
            double bytes = IdleConnections.bytesEach(
                    ours.process(), ours.create("idle").feed(), size.connections);
            result(
                    new Row("connections", "B a connection", Better.LESS, 0, 1),
                    score(WATERSMEET, bytes),
                    score(BUDGET, CONNECTION_BUDGET_BYTES));
        }
    }

    private Measured measure(DocumentServer server, boolean reads) throws IOException {
        Measured measured = new Measured();
        for (int repetition = -size.warmUps; repetition < size.repetitions; repetition++) {
            DocumentSpace space = server.create("space" + (size.warmUps + repetition));
            List<Sample> documents = Sample.of("doc", size.documents, repetition);
            Measured taken = repetition < 0 ? new Measured() : measured;
            String begin = space.position();
            taken.ingest.add(perSecond(send(space.writes(documents))));
            if (reads) {
                taken.pull.add(perSecond(read(() -> space.changes(begin), size.documents)));
                taken.first.add(read(space::first, size.documents) / 1e6);
                String before = space.position();
                send(space.retitles(changed(documents, repetition)));
                taken.later.add(read(() -> space.changes(before), size.changed()) / 1e6);
            }
        }
        return measured;
    }

    private List<Double> bare(WatersmeetPeer ours) throws IOException {
        List<Double> rates = new ArrayList<>();
        try (BarePeer bare = BarePeer.start(folder.resolve("bare"), HEAP)) {
            DocumentSpace space = ours.create("bare");
            for (int repetition = -size.warmUps; repetition < size.repetitions; repetition++) {
                List<HttpRequest> requests =
                        bare.redirected(space.writes(Sample.of("doc", size.documents, repetition)));
                double rate = perSecond(send(requests));
                if (repetition >= 0) {
                    rates.add(rate);
                }
            }
        }
        return rates;
    }

    private Latency latency(DocumentServer server) throws IOException {
        DocumentSpace space = server.create("live");
        List<HttpRequest> edits = new ArrayList<>();
        for (Sample document : Sample.of("live", size.warmUpEdits + size.edits, 7)) {
            edits.addAll(space.writes(List.of(document)));
        }
        return Latency.measure(space, edits, size.edits);
    }

    private List<Sample> changed(List<Sample> documents, int repetition) {
        List<Sample> changed = new ArrayList<>();
        for (int i = 0; i < size.changed(); i++) {
            changed.add(documents.get(i * documents.size() / size.changed()).retitled("retitled " + repetition));
        }
        return changed;
    }

    /** Nanoseconds. */
    private static long send(List<HttpRequest> requests) throws IOException {
        long start = System.nanoTime();
        for (HttpRequest request : requests) {
            Http.send(request);
        }
        return System.nanoTime() - start;
    }

    /** Reads from a server. */
    private interface Read {
        DocumentSpace.Reading read() throws IOException;
    }

    /** Nanoseconds. What is not all that there is, is not measured. */
    private static long read(Read read, int documents) throws IOException {
        long start = System.nanoTime();
        DocumentSpace.Reading reading = read.read();
        long took = System.nanoTime() - start;
        if (reading.documents() != documents) {
            throw new IOException(reading.documents() + " documents were read, not " + documents);
        }
        return took;
    }

    private double perSecond(long nanos) {
        return size.documents * 1e9 / nanos;
    }

    private static double median(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static Score score(Contender contender, double value) {
        return new Score(contender, value);
    }

    private void result(Row row, Score... scores) {
        results.accept(new Result(row, Arrays.asList(scores)));
    }
}
