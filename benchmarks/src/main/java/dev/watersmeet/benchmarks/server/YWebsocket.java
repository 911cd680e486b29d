package dev.watersmeet.benchmarks.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** {@code y-websocket} with its server and two of its clients, which run in Node: {@code benchmarks/rivals/y-latency.mjs}. */
final class YWebsocket {
    private YWebsocket() {}

    /**
     * Measures edits one after the other.
     *
     * @param documents one for each edit; the first ones warm up
     */
    static Latency measure(Path folder, List<Sample> documents, int measured) throws IOException {
        Path program = Rivals.installed("@y/websocket-server/src/server.js");
        List<String> command = List.of("node", program.toString());
        try (ServedProcess server = ServedProcess.start(
                folder, port -> List.of("env", "HOST=127.0.0.1", "PORT=" + port, command.get(0), command.get(1)))) {
            Process clients = new ProcessBuilder(
                            "node",
                            Rivals.FOLDER.resolve("y-latency.mjs").toString(),
                            "ws://127.0.0.1:" + server.port(),
                            Integer.toString(documents.size() - measured),
                            Integer.toString(measured))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (OutputStream in = clients.getOutputStream()) {
                for (Sample document : documents) { // the script reads all of it before it writes
                    in.write(("{" + document.members() + "}\n").getBytes(UTF_8));
                }
            }
            String output = new String(clients.getInputStream().readAllBytes(), UTF_8);
            double[] millis = output.lines().mapToDouble(Double::parseDouble).toArray();
            if (millis.length != measured) {
                throw new IOException("y-latency.mjs measured " + millis.length + " edits, not " + measured);
            }
            return new Latency(millis);
        }
    }
}
