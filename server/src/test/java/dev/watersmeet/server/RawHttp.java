package dev.watersmeet.server;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection on which anything can be sent, also what no client would. */
final class RawHttp implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    final Socket socket;

    RawHttp(URI server) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
        socket.setSoTimeout((int) TIMEOUT.toMillis());
    }

    void send(String bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** All that the server answers until it closes the connection. */
    String rest() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Sends a request after which the server closes the connection, and reads the answer. */
    static String ask(URI server, String method, String target, String headers) throws IOException {
        return askAt("x", server, method, target, headers);
    }

    /** The same by another name of the server's. */
    static String askAt(String host, URI server, String method, String target, String headers) throws IOException {
        try (RawHttp connection = new RawHttp(server)) {
            connection.send(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + headers
                    + "\r\n");
            return connection.rest();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
