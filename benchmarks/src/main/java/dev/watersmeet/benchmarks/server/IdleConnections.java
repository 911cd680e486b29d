package dev.watersmeet.benchmarks.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Live connections to our server on which nothing happens but heartbeats, and what they cost it in memory. */
final class IdleConnections implements AutoCloseable {
    /** What is loaded, compiled and pooled once belongs to no connection. */
    private static final int BEFORE = 500;

    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

    private final ServedProcess server;
    private final String path;
    private final List<BufferedReader> feeds = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();

    private IdleConnections(ServedProcess server, String path) {
        this.server = server;
        this.path = path;
    }

    /**
     * Measures the bytes of a connection, in the heap and beside it, without the kernel's buffers.
     *
     * @param server whose heap is in memory from the start, so that all that it grows by is beside the heap
     * @param feed the path of a feed
     */
    static double bytesEach(ServedProcess server, String feed, int count) throws IOException {
        try (IdleConnections connections = new IdleConnections(server, feed)) {
            connections.open(BEFORE);
            Memory before = Memory.of(server.pid());
            connections.open(count - BEFORE);
            Memory after = Memory.of(server.pid());
            return (double) (after.bytes() - before.bytes()) / (count - BEFORE);
        }
    }

    /** Opens more, and waits until each has had its first page and a heartbeat. */
    private void open(int count) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
                + "Authorization: Bearer " + WatersmeetPeer.TOKEN + "\r\n\r\n";
        int first = feeds.size();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            sockets.add(socket);
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            feeds.add(new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII), 512));
        }
        for (String line : List.of("event: changes", ":")) {
            for (BufferedReader feed : feeds.subList(first, feeds.size())) {
                await(feed, line);
            }
        }
    }

    private static void await(BufferedReader feed, String line) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String next = feed.readLine(); !line.equals(next); next = feed.readLine()) {
            if (next == null) {
                throw new IOException("a live connection has ended before " + line + ", after\n" + seen);
            }
            seen.append(next).append('\n');
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /**
     * The memory of a process after a collection.
     *
     * @param heap the bytes of live objects
     * @param resident the bytes of the process that are in memory, whatever for
     */
    private record Memory(long heap, long resident) {
        static Memory of(long pid) throws IOException {
            Process histogram = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(pid),
                            "GC.class_histogram") // of live objects: it collects first
                    .start();
            String live = new String(histogram.getInputStream().readAllBytes(), UTF_8);
            String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
            return new Memory(number(TOTAL, live), 1024 * number(RESIDENT, status));
        }

        long bytes() {
            return heap + resident;
        }

        private static long number(Pattern pattern, String text) throws IOException {
            Matcher matcher = pattern.matcher(text);
            if (!matcher.find()) {
                throw new IOException("no " + pattern + " in the figures of the process:\n" + text);
            }
            return Long.parseLong(matcher.group(1));
        }
    }
}
