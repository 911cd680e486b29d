package dev.watersmeet.benchmarks.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How long edits take from one client through the server to another. */
final class Latency {
    private static final long PATIENCE_SECONDS = 20;

    private final double[] millis;

    /** The milliseconds of each edit. */
    Latency(double... millis) {
        this.millis = millis.clone();
        Arrays.sort(this.millis);
    }

    /** The milliseconds that a part of the edits does not exceed. */
    double percentile(double part) {
        return millis[(int) Math.ceil(part * millis.length) - 1];
    }

    /**
     * Measures edits one after the other: each is sent when the one before was answered and has arrived.
     *
     * @param edits one document each; the first ones warm up
     */
    static Latency measure(DocumentSpace space, List<HttpRequest> edits, int measured) throws IOException {
        LinkedBlockingQueue<Long> arrivals = new LinkedBlockingQueue<>();
        double[] millis = new double[measured];
        try (InputStream stream = Http.stream(space.live(space.position()))) {
            Thread reader = new Thread(() -> read(space, stream, arrivals), "bench-live");
            reader.setDaemon(true);
            reader.start();
            int warmUp = edits.size() - measured;
            for (int edit = 0; edit < edits.size(); edit++) {
                long start = System.nanoTime();
                Http.send(edits.get(edit));
                long arrived = take(arrivals) - start;
                if (edit >= warmUp) {
                    millis[edit - warmUp] = arrived / 1e6;
                }
            }
        }
        return new Latency(millis);
    }

    private static void read(DocumentSpace space, InputStream stream, LinkedBlockingQueue<Long> arrivals) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (space.isChange(line)) {
                    arrivals.add(System.nanoTime());
                }
            }
        } catch (IOException closed) {
            return; // the measuring has ended, or waits in vain and says so
        }
    }

    private static long take(LinkedBlockingQueue<Long> arrivals) throws IOException {
        Long arrival;
        try {
            arrival = arrivals.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an edit was on its way", e);
        }
        return required(arrival);
    }

    private static long required(@Nullable Long arrival) throws IOException {
        if (arrival == null) {
            throw new IOException("an edit has not arrived within " + PATIENCE_SECONDS + " s");
        }
        return arrival;
    }
}
