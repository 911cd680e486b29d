package dev.watersmeet.benchmarks;

import java.util.Collection;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs one benchmark method for one contender in a JVM of its own. */
final class JmhRunner {
    private static final TimeValue QUICK = TimeValue.milliseconds(400);
    /** Shorter, and what is measured is not compiled yet. */
    private static final TimeValue QUICK_WARMUP = TimeValue.milliseconds(900);

    private final boolean quick;
    private final String heap;

    /**
     * A runner; a quick one has fewer and shorter iterations.
     *
     * @param heap of the JVMs, as {@code 3g}
     */
    JmhRunner(boolean quick, String heap) {
        this.quick = quick;
        this.heap = heap;
    }

    /** Whether iterations are few and short. */
    boolean quick() {
        return quick;
    }

    /**
     * Measures.
     *
     * @param benchmark the class and the method, as {@code MapDeltaBenchmark.merge}
     * @param contender who
     * @param once whether a call takes many seconds, so that one is enough
     * @param params of the benchmark, beside the contender
     * @param score what of the result is the score
     */
    Score run(
            String benchmark,
            Contender contender,
            boolean once,
            Map<String, String> params,
            ToDoubleFunction<RunResult> score) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + benchmark.replace(".", "\\.") + "$")
                .param("contender", contender.name())
                .jvmArgs("-Xms" + heap, "-Xmx" + heap)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        params.forEach(options::param);
        if (once) {
            options.warmupIterations(1).measurementIterations(1);
        } else if (quick) {
            options.warmupIterations(3)
                    .warmupTime(QUICK_WARMUP)
                    .measurementIterations(3)
                    .measurementTime(QUICK);
        }
        try {
            Collection<RunResult> results = new Runner(options.build()).run();
            if (results.size() != 1) {
                throw new IllegalStateException(benchmark + " gave " + results.size() + " results, not one");
            }
            return new Score(contender, score.applyAsDouble(results.iterator().next()));
        } catch (RunnerException e) {
            throw new IllegalStateException(benchmark + " failed for " + contender.label(), e);
        }
    }
}
