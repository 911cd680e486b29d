package dev.watersmeet.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The server as a process of its own. */
final class ServerProcess implements AutoCloseable {
    private static final String READY = "Watersmeet is ready at ";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final Process process;
    private final BufferedReader out;
    private final File errors;
    private String base = "";

    private ServerProcess(List<String> arguments, Path folder) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(arguments.stream().filter(ServerProcess::isProperty).toList());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(
                arguments.stream().filter(argument -> !isProperty(argument)).toList());
        errors = Files.createTempFile(folder, "errors", ".txt").toFile();
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(errors)
                .start();
        out = process.inputReader(UTF_8);
    }

    private static boolean isProperty(String argument) {
        return argument.startsWith("-D");
    }

    /** Starts a process and does not wait for it to serve. Of the arguments, {@code -D} sets properties of its virtual machine. */
    static ServerProcess launch(Path folder, String... arguments) throws IOException {
        return new ServerProcess(List.of(arguments), folder);
    }

    /** Starts a process and waits until it says that it serves. */
    static ServerProcess start(Path folder, String... arguments) throws IOException {
        ServerProcess server = launch(folder, arguments);
        String line = server.out.readLine();
        if (line == null || !line.startsWith(READY)) {
            server.close();
            throw new IOException("the server did not start: " + line + "\n" + server.errors());
        }
        server.base = line.substring(READY.length());
        return server;
    }

    URI uri(String path) {
        return URI.create(base).resolve(path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return HTTP.send(request.build(), handler);
    }

    String errors() throws IOException {
        return Files.readString(errors.toPath());
    }

    /** What else the process wrote on standard output until its end. */
    String restOfOutput() throws IOException {
        StringBuilder rest = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            rest.append(line).append('\n');
        }
        return rest.toString();
    }

    /** The exit code, which comes within the time that a stop, or a start in vain, may take. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the server does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
