package dev.watersmeet.benchmarks.server;

import java.io.IOException;
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
            return Clients.measure(
                    "y-latency.mjs",
                    List.of("ws://127.0.0.1:" + server.port()),
                    documents.stream()
                            .map(document -> "{" + document.members() + "}")
                            .toList(),
                    documents.size() - measured,
                    measured);
        }
    }
}
