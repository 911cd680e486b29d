package dev.watersmeet.benchmarks.server;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** A server in a process of its own, which listens at this machine's own address. */
final class ServedProcess implements AutoCloseable {
    private static final int START_ATTEMPTS = 600;
    private static final long START_WAIT_MILLIS = 50;

    private final Process process;
    private final int port;

    private ServedProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** The command that runs a main class of this class path. */
    static List<String> java(String mainClass, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp",
                Path.of(System.getProperty("java.class.path")).toAbsolutePath().toString(),
                mainClass));
        return command;
    }

    /**
     * Starts a server and waits until it accepts connections.
     *
     * @param folder where it runs; made if it is not there. Its output is beside it
     * @param command the command for a port
     * @throws IOException if it does not start; the message has its output
     */
    static ServedProcess start(Path folder, IntFunction<List<String>> command) throws IOException {
        Files.createDirectories(folder);
        int port = freePort();
        File output = new File(folder + ".log");
        Process process = new ProcessBuilder(command.apply(port))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        ServedProcess served = new ServedProcess(process, port);
        for (int attempt = 0; attempt < START_ATTEMPTS && process.isAlive(); attempt++) {
            if (served.accepts()) {
                return served;
            }
        }
        served.close();
        throw new IOException(command.apply(port) + " does not serve:\n" + Files.readString(output.toPath()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean accepts() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) { // not yet
            try {
                Thread.sleep(START_WAIT_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while a server was starting", interrupted);
            }
            return false;
        }
    }

    long pid() {
        return process.pid();
    }

    int port() {
        return port;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
