package dev.watersmeet.server;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses as options have them: {@code HOST} or {@code HOST:PORT}. */
final class HostAndPort {
    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:]+]|[^:\\[\\]]+)(?::([0-9]{1,5}))?");

    private HostAndPort() {}

    /**
     * Reads an address.
     *
     * @param what is at the address, for the message
     * @throws IllegalArgumentException if it is none
     */
    static InetSocketAddress parse(String text, int defaultPort, String what) {
        Matcher parts = FORM.matcher(text);
        int port = parts.matches() && parts.group(2) != null ? Integer.parseInt(parts.group(2)) : defaultPort;
        if (!parts.matches() || port > 0xffff) {
            throw new IllegalArgumentException(what + " is HOST or HOST:PORT: " + text);
        }
        return new InetSocketAddress(parts.group(1), port);
    }
}
