package dev.watersmeet.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** A file that shows the last run between two marks. */
final class Readme {
    private static final String END = "<!-- end -->";

    private final Path file;
    private final String beginMark;

    /** The part of a file that is for a suite. */
    Readme(Path file, String suite) {
        this.file = file;
        this.beginMark = "<!-- written by bin/bench " + suite + " -->";
    }

    /**
     * Puts a run in the place of the last one.
     *
     * @throws IOException if the file cannot be read or written
     * @throws IllegalStateException if it lacks the marks
     */
    void replace(List<Result> results, boolean quick) throws IOException {
        String text = Files.readString(file);
        int begin = text.indexOf(beginMark);
        int end = text.indexOf(END, Math.max(begin, 0));
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(file + " lacks the marks " + beginMark + " and " + END);
        }
        List<String> lines = new ArrayList<>(List.of(beginMark, "", machine(quick), ""));
        lines.addAll(Report.head());
        results.forEach(result -> lines.add(Report.line(result)));
        lines.addAll(List.of("", "All scores:", ""));
        results.forEach(result -> lines.add(Report.scores(result)));
        lines.add("");
        Files.writeString(file, text.substring(0, begin) + String.join("\n", lines) + "\n" + text.substring(end));
    }

    private static String machine(boolean quick) {
        return "%s, %s %s on %s %s, %d processors, %s."
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        System.getProperty("java.vm.name"),
                        System.getProperty("java.vm.version"),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.getRuntime().availableProcessors(),
                        quick ? "a quick run" : "a full run");
    }
}
