package dev.watersmeet.testing.forked;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One server of a database, a process with its own folder. Not thread-safe. */
public final class ForkedServer implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(4);
    private static final int LAST_LINES = 40;

    private final Path folder;
    private final InetSocketAddress address;
    private final Program program;
    private String readyText = "";
    private int logBefore;
    private @Nullable Process process;

    /**
     * A server that does not run yet.
     *
     * @param folder where it runs, and its log is
     * @param address where it listens when it is ready
     */
    public ForkedServer(Path folder, InetSocketAddress address, Program program) {
        this.folder = folder;
        this.address = address;
        this.program = program;
    }

    /** Takes the server for ready only when it has also written a line with some text to its log: where it listens before it has its data. */
    public ForkedServer readyWhenItSays(String text) {
        readyText = text;
        return this;
    }

    /** A port of the loopback address that is free; somebody may take it before the server does, which then says so. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no port is free", e);
        }
    }

    /** Where a class was loaded from, as a part of a class path. */
    public static String classPathOf(Class<?> type) {
        return Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Starts the process; see {@link #awaitReady}. */
    public void launch() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(program.jvmOptions());
        command.addAll(List.of("-cp", classPathOf(ForkedMain.class) + ":" + program.classPath()));
        command.addAll(List.of(ForkedMain.class.getName(), program.mainClass()));
        command.addAll(program.arguments());
        try {
            Files.createDirectories(folder);
            logBefore = Files.exists(log()) ? Files.readString(log()).length() : 0;
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    /** Starts a server that was killed, on its data, and waits until it answers. */
    public void restart() {
        kill();
        launch();
        awaitReady();
    }

    /** Where what the process says is kept. */
    public Path log() {
        return folder.resolve("process.log");
    }

    /** Waits until the server answers. */
    public void awaitReady() {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!answers() || !hasSaid()) {
            if (!process().isAlive()) {
                throw failure("ended with status " + process().exitValue());
            }
            if (System.nanoTime() > deadline) {
                kill();
                throw failure("did not answer within " + START_TIMEOUT.toMinutes() + " minutes");
            }
            pause();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(address, 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean hasSaid() {
        try {
            return readyText.isEmpty()
                    || Files.readString(log()).substring(logBefore).contains(readyText);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a server was starting", e);
        }
    }

    private IllegalStateException failure(String what) {
        String subject = program.name() + " at " + address + " " + what;
        try {
            List<String> lines = Files.readAllLines(log());
            String last = String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
            return new IllegalStateException(subject + "; " + log() + " ends:\n" + last);
        } catch (IOException e) {
            return new IllegalStateException(subject + ", and has no log", e);
        }
    }

    /** The process that was started last. */
    public Process process() {
        return Objects.requireNonNull(process, "the server was not started");
    }

    /** Stops the server at once, as a crash of its process does. */
    public void kill() {
        if (process != null) {
            process.destroyForcibly();
            try {
                process.waitFor(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Freezes the process, whose connections stay open. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets a frozen process go on. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int status = new ProcessBuilder(
                            "kill", "-" + name, Long.toString(process().pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " ended with status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills the server; its folder stays. */
    @Override
    public void close() {
        kill();
    }
}
