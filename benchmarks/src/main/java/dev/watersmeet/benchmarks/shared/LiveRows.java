package dev.watersmeet.benchmarks.shared;

import dev.watersmeet.benchmarks.Contender;
import dev.watersmeet.benchmarks.Result;
import dev.watersmeet.benchmarks.Row;
import dev.watersmeet.benchmarks.Row.Better;
import dev.watersmeet.benchmarks.Score;
import dev.watersmeet.benchmarks.server.TwoServers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;

/** How long a push through one server of ours takes to the live feed of another one. */
final class LiveRows {
    private LiveRows() {}

    /**
     * Measures {@code live-p50} and {@code live-p99}.
     *
     * @param store what our servers are told of the store
     */
    static void measure(Path folder, List<String> store, boolean quick, Consumer<Result> results) throws IOException {
        DoubleUnaryOperator millis = TwoServers.measure(folder, store, quick ? 200 : 2_000, quick ? 200 : 1_000);
        results.accept(row("live-p50", millis.applyAsDouble(0.5)));
        results.accept(row("live-p99", millis.applyAsDouble(0.99)));
    }

    private static Result row(String name, double millis) {
        return new Result(new Row(name, "ms", Better.LESS, 0, 0), List.of(new Score(Contender.WATERSMEET, millis)));
    }
}
