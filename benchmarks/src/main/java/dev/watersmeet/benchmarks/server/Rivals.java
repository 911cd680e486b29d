package dev.watersmeet.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The npm packages of {@code benchmarks/rivals}, which {@code bin/bench server} installs. */
final class Rivals {
    /** The folder, from where the command is run. */
    static final Path FOLDER = Path.of("benchmarks", "rivals").toAbsolutePath();

    private Rivals() {}

    /** A file of a package. */
    static Path installed(String file) throws IOException {
        Path path = FOLDER.resolve("node_modules").resolve(file);
        if (!Files.exists(path)) {
            throw new IOException(path + " is not there: bin/bench server installs it");
        }
        return path;
    }
}
