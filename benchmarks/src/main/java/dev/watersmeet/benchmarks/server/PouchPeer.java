package dev.watersmeet.benchmarks.server;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code pouchdb-server} on LevelDB. Its log is switched off, which makes it faster. */
final class PouchPeer implements DocumentServer {
    private static final String SILENT = "{\"log\":{\"level\":\"none\"}}";

    private final ServedProcess process;

    private PouchPeer(ServedProcess process) {
        this.process = process;
    }

    static PouchPeer start(Path folder) throws IOException {
        Path program = Rivals.installed("pouchdb-server/bin/pouchdb-server");
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("config.json"), SILENT);
        return new PouchPeer(ServedProcess.start(
                folder,
                port -> List.of(
                        "node",
                        program.toString(),
                        "--port",
                        Integer.toString(port),
                        "--dir",
                        "data",
                        "--config",
                        "config.json",
                        "--no-stdout-logs")));
    }

    @Override
    public DocumentSpace create(String name) throws IOException {
        Http.send(HttpRequest.newBuilder(process.uri("/" + name))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build());
        return new PouchSpace(process, name);
    }

    @Override
    public void close() {
        process.close();
    }
}
