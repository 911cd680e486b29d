package dev.watersmeet.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A live feed on a connection of its own, without a thread: what it brings waits in the kernel until it is asked for. */
final class LiveConnection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Socket socket;
    private final BufferedReader lines;

    private LiveConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.lines = new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 512); // there are many
        socket.setSoTimeout((int) PATIENCE.toMillis());
    }

    /** Asks for a feed, and does not wait for the answer. */
    static LiveConnection open(URI server, String path, String token) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + server.getAuthority()
                + "\r\nAccept: text/event-stream\r\nAuthorization: Bearer " + token + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new LiveConnection(socket);
    }

    /**
     * Reads on to a line.
     *
     * @throws IOException if the stream ends before, or brings nothing for a minute; the message has what it brought
     */
    void await(String line) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String next = lines.readLine(); !line.equals(next); next = lines.readLine()) {
            if (next == null) {
                throw new IOException("a live feed has ended before a line " + line + ", after\n" + seen);
            }
            seen.append(next).append('\n');
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
