package dev.watersmeet.benchmarks.server;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;

/** {@link BareServer} in its process. It is sent the requests that our server is sent. */
final class BarePeer implements AutoCloseable {
    private final ServedProcess process;

    private BarePeer(ServedProcess process) {
        this.process = process;
    }

    static BarePeer start(Path folder, String... options) throws IOException {
        return new BarePeer(ServedProcess.start(folder, port -> {
            List<String> command = ServedProcess.java(BareServer.class.getName(), options);
            command.addAll(List.of(Integer.toString(port), "data"));
            return command;
        }));
    }

    /** The same requests to this server. */
    List<HttpRequest> redirected(List<HttpRequest> requests) {
        return requests.stream()
                .map(request -> HttpRequest.newBuilder(process.uri("/"))
                        .POST(request.bodyPublisher().orElseThrow())
                        .build())
                .toList();
    }

    @Override
    public void close() {
        process.close();
    }
}
