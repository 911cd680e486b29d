package dev.watersmeet.benchmarks;

import static dev.watersmeet.benchmarks.Contender.AUTOMERGE;
import static dev.watersmeet.benchmarks.Contender.DOT_MAP;
import static dev.watersmeet.benchmarks.Contender.FASTUTIL;
import static dev.watersmeet.benchmarks.Contender.HASH_MAP;
import static dev.watersmeet.benchmarks.Contender.JACKSON;
import static dev.watersmeet.benchmarks.Contender.PEKKO;
import static dev.watersmeet.benchmarks.Contender.WATERSMEET;
import static dev.watersmeet.benchmarks.Contender.WATERSMEET_JSON;
import static dev.watersmeet.benchmarks.Contender.WURMLOCH;
import static dev.watersmeet.benchmarks.Contender.YJS;
import static dev.watersmeet.benchmarks.Contender.YJS_V2;
import static java.util.Objects.requireNonNull;

import dev.watersmeet.benchmarks.Row.Better;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.RunResult;

/** The rows of {@code bin/bench core}, with their goals. */
final class CoreSuite {
    private final JmhRunner jmh;
    private final Consumer<Result> results;

    /** A suite that hands each result out when it is there. */
    CoreSuite(JmhRunner jmh, Consumer<Result> results) {
        this.jmh = jmh;
        this.results = results;
    }

    void run() {
        mapDelta("map-delta-10k", 10_000);
        mapDelta("map-delta-100k", 100_000);
        mapDelta("map-delta-1m", 1_000_000);
        timed(
                new Row("map-full-10k", "ops/s", Better.MORE, 10, 0.7),
                "MapFullBenchmark.merge",
                Map.of(),
                CoreSuite::primary,
                List.of(WATERSMEET, HASH_MAP, FASTUTIL, PEKKO, AUTOMERGE));
        orSet("orset-full-10k", "OrSetBenchmark.full", 5, 0.8, List.of(PEKKO, WURMLOCH));
        orSet("orset-delta-10k", "OrSetDeltaBenchmark.merge", 100, 0.3, List.of(PEKKO));
        orSet("orset-add-10k", "OrSetBenchmark.add", 2, 0.3, List.of(PEKKO, WURMLOCH));
        documentsMerge();
        counted(
                new Row("memory-per-cell", "B", Better.LESS, 2, 0),
                List.of(WATERSMEET, HASH_MAP, FASTUTIL, PEKKO),
                Sizes::memory);
        wire("wire-raw", Function.identity());
        wire("wire-gzip", Sizes::gzip);
        codec("encode-1000", "CodecBenchmark.encode");
        codec("decode-1000", "CodecBenchmark.decode");
    }

    private void mapDelta(String name, int size) {
        Row row = new Row(name, "ops/s", Better.MORE, 50, 0.5);
        List<Contender> contenders = new ArrayList<>(List.of(WATERSMEET, HASH_MAP, FASTUTIL, AUTOMERGE));
        if (size == 10_000) {
            contenders.add(PEKKO); // it rescans all keys at each delta: beyond this size a call takes seconds
        }
        timed(row, "MapDeltaBenchmark.merge", Map.of("size", Integer.toString(size)), CoreSuite::primary, contenders);
    }

    private void orSet(String name, String benchmark, double goal, double limitGoal, List<Contender> rivals) {
        List<Contender> contenders = new ArrayList<>(List.of(WATERSMEET, DOT_MAP));
        contenders.addAll(rivals);
        timed(
                new Row(name, "ops/s", Better.MORE, goal, limitGoal),
                benchmark,
                Map.of(),
                CoreSuite::primary,
                contenders);
    }

    private void documentsMerge() {
        Row row = new Row("documents-merge", "CPU ms", Better.LESS, 10, 0.5);
        List<Contender> contenders = List.of(WATERSMEET, HASH_MAP, AUTOMERGE);
        List<Score> scores = scores("DocumentsMergeBenchmark.merge", Map.of(), CoreSuite::cpuMillis, contenders);
        if (!jmh.quick()) { // one merge takes Pekko 20 s
            scores.add(jmh.run("DocumentsMergeBenchmark.merge", PEKKO, true, Map.of(), CoreSuite::cpuMillis));
        }
        results.accept(new Result(row, scores));
    }

    private static double primary(RunResult result) {
        return result.getPrimaryResult().getScore();
    }

    private static double cpuMillis(RunResult result) {
        return counter(result, "nanos") / counter(result, "merges") / 1e6;
    }

    private static double counter(RunResult result, String name) {
        return requireNonNull(result.getSecondaryResults().get(name)).getScore();
    }

    private void wire(String name, Function<byte[], byte[]> travels) {
        counted(
                new Row(name, "B an update", Better.LESS, 1, 0),
                List.of(WATERSMEET, WATERSMEET_JSON, AUTOMERGE, YJS, YJS_V2),
                contender ->
                        new Score(contender, (double) travels.apply(Sizes.wire(contender)).length / Updates.COUNT));
    }

    private void codec(String name, String benchmark) {
        timed(
                new Row(name, "cells/s", Better.MORE, 1, 0),
                benchmark,
                Map.of(),
                CoreSuite::primary,
                List.of(WATERSMEET, WATERSMEET_JSON, JACKSON));
    }

    private void timed(
            Row row,
            String benchmark,
            Map<String, String> params,
            ToDoubleFunction<RunResult> score,
            List<Contender> contenders) {
        results.accept(new Result(row, scores(benchmark, params, score, contenders)));
    }

    private List<Score> scores(
            String benchmark,
            Map<String, String> params,
            ToDoubleFunction<RunResult> score,
            List<Contender> contenders) {
        List<Score> scores = new ArrayList<>();
        for (Contender contender : contenders) {
            scores.add(jmh.run(benchmark, contender, false, params, score));
        }
        return scores;
    }

    private void counted(Row row, List<Contender> contenders, Function<Contender, Score> count) {
        results.accept(new Result(row, contenders.stream().map(count).toList()));
    }
}
