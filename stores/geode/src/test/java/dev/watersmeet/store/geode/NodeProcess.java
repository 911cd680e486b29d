package dev.watersmeet.store.geode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A {@link Node} that runs. Tests that wait for what it does not say end by their timeout. */
final class NodeProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private final File errors;

    NodeProcess(Path folder, String locator, String regions, String pollMillis, Map<String, String> more)
            throws IOException {
        Properties properties = new Properties();
        properties.putAll(more);
        properties.setProperty("log-level", "warning");
        Path file = Files.createTempFile(folder, "node", ".properties");
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        errors = Files.createTempFile(folder, "errors", ".txt").toFile();
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Node.class.getName(),
                        locator.substring(locator.indexOf(':') + 1),
                        file.toString(),
                        regions,
                        pollMillis)
                .redirectError(errors)
                .start();
        out = process.inputReader(UTF_8);
        in = process.outputWriter(UTF_8);
        await("ready");
    }

    void say(String command, String answer) throws IOException {
        in.write(command);
        in.newLine();
        in.flush();
        await(answer);
    }

    /** Reads what the process says up to a line. */
    void await(String line) throws IOException {
        String said;
        do {
            said = out.readLine();
            if (said == null) {
                throw new IOException(
                        "the process has ended before it said " + line + ":\n" + Files.readString(errors.toPath()));
            }
        } while (!said.endsWith(line));
    }

    /** Waits until it has said nothing more for a while, and forgets what it said. */
    void drain() throws IOException, InterruptedException {
        do {
            while (out.ready()) {
                out.readLine();
            }
            Thread.sleep(300);
        } while (out.ready());
    }

    void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder(List.of("kill", "-" + name, Long.toString(process.pid())))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " ended with status " + status);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
