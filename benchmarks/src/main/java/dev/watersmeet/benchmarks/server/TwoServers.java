package dev.watersmeet.benchmarks.server;

import dev.watersmeet.format.MessageForm;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Two of our servers on one store: what is written through the one is read from a live feed of the other. */
public final class TwoServers {
    private static final String HEAP = "-Xmx256m";

    private TwoServers() {}

    /**
     * Measures edits, one after the other.
     *
     * @param folder where the servers run
     * @param store what they are told of the store
     * @param warmUps edits that are not counted, before those that are
     * @return the milliseconds that a part of the edits does not exceed
     */
    public static DoubleUnaryOperator measure(Path folder, List<String> store, int warmUps, int edits)
            throws IOException {
        try (WatersmeetPeer written = WatersmeetPeer.start(folder.resolve("written"), MessageForm.JSON, store, HEAP);
                WatersmeetPeer read = WatersmeetPeer.start(folder.resolve("read"), MessageForm.JSON, store, HEAP)) {
            DocumentSpace writing = written.create("live");
            List<HttpRequest> requests = new ArrayList<>();
            for (Sample document : Sample.of("live", warmUps + edits, 7)) {
                requests.addAll(writing.writes(List.of(document)));
            }
            return Latency.measure(read.create("live"), requests, edits)::percentile;
        }
    }
}
