package dev.watersmeet.benchmarks;

import dev.watersmeet.benchmarks.server.ServerSuite;
import dev.watersmeet.benchmarks.shared.CassandraServer;
import dev.watersmeet.benchmarks.shared.DrillSuite;
import dev.watersmeet.benchmarks.shared.GeodeSuite;
import dev.watersmeet.benchmarks.shared.SharedServer;
import dev.watersmeet.benchmarks.shared.SharedStoreSuite;
import dev.watersmeet.benchmarks.shared.ZooKeeperSuite;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The project's benchmark command: {@code SUITE [--quick] [--json | --readme=FILE]}. Results go to standard output, progress to standard error.
 */
public final class Main {
    private static final String USAGE =
            "usage: bin/bench core|store|server|cassandra|geode|zookeeper|drill [--quick] [--json | --readme=FILE]";
    private static final String README = "--readme=";
    private static final Set<String> SUITES =
            Set.of("core", "store", "server", "cassandra", "geode", "zookeeper", "drill");

    private Main() {}

    /** Runs a suite; ends with 2 if the arguments are none that {@link Main} names. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Set<String> options = new TreeSet<>(List.of(args).subList(Math.min(1, args.length), args.length));
        boolean quick = options.remove("--quick");
        boolean json = options.remove("--json");
        String readme = options.stream()
                .filter(option -> option.startsWith(README))
                .findFirst()
                .orElse(README);
        options.remove(readme);
        if (args.length == 0 || !SUITES.contains(args[0]) || !options.isEmpty()) {
            System.err.println(USAGE);
            System.exit(2);
        }
        List<Result> results = run(args[0], quick, json);
        if (!readme.equals(README)) {
            new Readme(Path.of(readme.substring(README.length())), args[0]).replace(results, quick);
        }
    }

    private static List<Result> run(String suite, boolean quick, boolean json)
            throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        long start = System.nanoTime();
        List<Result> results = new ArrayList<>();
        if (!json) {
            Report.head().forEach(out::println);
        }
        Consumer<Result> taken = result -> {
            results.add(result);
            out.println(json ? Report.json(result) : Report.line(result));
        };
        Path target = Path.of("benchmarks", "target"); // on a disk: where temporary files are may be memory
        List<String> notes = new ArrayList<>();
        switch (suite) {
            case "core" -> new CoreSuite(new JmhRunner(quick, "3g"), taken).run();
            case "store" -> new StoreSuite(new JmhRunner(quick, "1g"), taken, target.resolve("stores")).run();
            case "cassandra" -> notes.addAll(shared(quick, taken, target.resolve(suite), CassandraServer::start));
            case "geode" -> {
                inFolder(target.resolve(suite), folder -> new GeodeSuite(quick, taken, folder).run());
                notes.addAll(GeodeSuite.NOTES);
            }
            case "zookeeper" -> {
                inFolder(target.resolve(suite), folder -> new ZooKeeperSuite(quick, taken, folder).run());
                notes.addAll(ZooKeeperSuite.NOTES);
            }
            case "drill" -> {
                inFolder(target.resolve(suite), folder -> new DrillSuite(quick, taken, folder).run());
                notes.addAll(DrillSuite.NOTES);
            }
            default -> {
                new ServerSuite(quick, taken, target.resolve("servers")).run();
                notes.addAll(ServerSuite.NOTES);
            }
        }
        if (!json) {
            out.println();
            results.forEach(result -> out.println(Report.scores(result)));
            if (!notes.isEmpty()) {
                out.println();
                notes.forEach(out::println);
            }
        }
        System.err.println("took " + (System.nanoTime() - start) / 1_000_000_000 + " s");
        return results;
    }

    /** What is measured in a folder. */
    private interface Measuring {
        void run(Path folder) throws IOException, InterruptedException;
    }

    private static void inFolder(Path folder, Measuring measuring) throws IOException, InterruptedException {
        Folders.delete(folder); // of a run that was ended
        measuring.run(folder);
        Folders.delete(folder);
    }

    /** Measures a store that servers share, on a server that is started for it; what is to be said of that. */
    private static List<String> shared(
            boolean quick, Consumer<Result> results, Path folder, Function<Path, SharedServer> start)
            throws IOException {
        Folders.delete(folder); // of a run that was ended
        Files.createDirectories(folder);
        try (SharedServer server = start.apply(folder)) {
            new SharedStoreSuite(quick, results, server).run();
            return server.notes();
        } finally {
            Folders.delete(folder);
        }
    }
}
