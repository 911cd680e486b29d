package dev.watersmeet.benchmarks.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Two clients in a process of Node, the one of which writes what the other reads: a script of {@code benchmarks/rivals} that measures each edit. */
final class Clients {
    private Clients() {}

    /**
     * Measures edits one after the other.
     *
     * @param script takes {@code arguments}, how many edits to warm up with, and how many to measure
     * @param input of the script, a line each; the script reads all of it before it writes
     */
    static Latency measure(String script, List<String> arguments, List<String> input, int warmUps, int measured)
            throws IOException {
        List<String> command =
                new ArrayList<>(List.of("node", Rivals.FOLDER.resolve(script).toString()));
        command.addAll(arguments);
        command.addAll(List.of(Integer.toString(warmUps), Integer.toString(measured)));
        Process clients = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = clients.getOutputStream()) {
            for (String line : input) {
                in.write((line + "\n").getBytes(UTF_8));
            }
        }
        String output = new String(clients.getInputStream().readAllBytes(), UTF_8);
        double[] millis = output.lines().mapToDouble(Double::parseDouble).toArray();
        if (millis.length != measured) {
            throw new IOException(script + " measured " + millis.length + " edits, not " + measured);
        }
        return new Latency(millis);
    }
}
