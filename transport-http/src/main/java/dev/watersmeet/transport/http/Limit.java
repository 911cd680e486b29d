package dev.watersmeet.transport.http;

import dev.watersmeet.format.FormatLimits;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A bound on what requests may cost, with its default and the values that it may be set to. {@code docs/limits.md} is the table of all.
 *
 * <p>Some are kept by {@link SyncServlet}, in whichever container it runs; the others are about connections, which are the container's: the runnable server hands them to its own.
 */
public enum Limit {
    BODY_BYTES(
            Unit.BYTES,
            FormatLimits.MAX_BODY_BYTES,
            1_024,
            FormatLimits.MAX_BODY_BYTES,
            true,
            "a request's body as it travels, compressed or not",
            "`too-large`"),
    INFLATED_BODY_BYTES(
            Unit.BYTES,
            FormatLimits.MAX_BODY_BYTES,
            1_024,
            FormatLimits.MAX_BODY_BYTES,
            true,
            "a request's body after decompression",
            "`too-large`"),
    BODIES_BYTES(
            Unit.BYTES,
            64 << 20,
            1_024,
            Long.MAX_VALUE,
            true,
            "the bodies of all requests that are being read or answered, and of large answers on their way, in memory; used up, it is shared out",
            "`rate-limited`"),
    BODY_BYTES_PER_SECOND(
            Unit.BYTES_PER_SECOND,
            1_024,
            1,
            1 << 20,
            true,
            "the least rate at which a body has to come, after its first 5 s",
            "`rate-limited`, and the connection is closed"),
    BODY_TIME(
            Unit.MILLISECONDS,
            120_000,
            1,
            3_600_000,
            true,
            "how long a body may take to come",
            "`rate-limited`, and the connection is closed"),
    ANSWER_TIME(
            Unit.MILLISECONDS,
            120_000,
            1,
            3_600_000,
            true,
            "how long a client may take to read an answer",
            "the connection is closed"),
    REQUESTS_OF_PRINCIPAL(
            Unit.COUNT,
            32,
            1,
            1_000_000,
            true,
            "requests of one principal that are being answered at a time, live feeds apart",
            "`rate-limited`"),
    REQUESTS_PER_SECOND(
            Unit.PER_SECOND, 500, 1, 1_000_000, true, "requests of one principal, in the long run", "`rate-limited`"),
    REQUEST_BURST(
            Unit.COUNT, 2_000, 1, 1_000_000, true, "requests of one principal at once, after a rest", "`rate-limited`"),
    BYTES_PER_SECOND(
            Unit.BYTES_PER_SECOND,
            16 << 20,
            1,
            1L << 40,
            true,
            "bodies of one principal as they come and, of compressed ones, as they are decompressed, and its answers as they are sent, live feeds apart, in the long run",
            "`rate-limited`"),
    BYTE_BURST(
            Unit.BYTES,
            64 << 20,
            1,
            1L << 40,
            true,
            "bodies and answers of one principal at once, after a rest; the last one may exceed it",
            "`rate-limited`"),
    FEEDS(Unit.COUNT, 10_000, 1, 1_000_000, true, "live feeds", "`rate-limited`"),
    FEEDS_OF_PRINCIPAL(
            Unit.COUNT, 64, 1, 1_000_000, true, "live feeds of one principal, on all its devices", "`rate-limited`"),
    SPACES_OF_FEED(Unit.COUNT, 64, 1, 10_000, true, "spaces of one live feed", "`too-large`"),
    FEED_LIFETIME(
            Unit.MILLISECONDS,
            600_000,
            1,
            86_400_000,
            true,
            "how long a live feed lasts, a fifth more or less",
            "the stream ends; the client goes on with a new one"),
    HEARTBEAT(
            Unit.MILLISECONDS,
            15_000,
            1,
            20_000,
            true,
            "how often an idle live feed says that it is alive, and its token is asked about again",
            ""),
    CONNECTIONS(Unit.COUNT, 16_384, 1, 1_000_000, false, "open connections", "more wait to be accepted"),
    HEADER_BYTES(
            Unit.BYTES, 16_384, 1_024, 1 << 20, false, "the request line and the headers of a request", "`too-large`"),
    HEADER_TIME(
            Unit.MILLISECONDS,
            20_000,
            1,
            600_000,
            false,
            "how long the headers of a request may take to arrive, about",
            "the connection is closed"),
    IDLE_TIME(
            Unit.MILLISECONDS,
            60_000,
            1,
            3_600_000,
            false,
            "how long a connection may be silent in both directions, or a client take nothing of what is written to it; has to be above the heartbeat",
            "the connection is closed"),
    THREADS(Unit.COUNT, 100, 8, 10_000, false, "threads that answer requests", "more wait");

    /** What a limit counts. */
    enum Unit {
        COUNT(""),
        BYTES("bytes"),
        MILLISECONDS("ms"),
        PER_SECOND("/s"),
        BYTES_PER_SECOND("bytes/s");

        private final String symbol;

        Unit(String symbol) {
            this.symbol = symbol;
        }
    }

    private final Unit unit;
    private final long standard;
    private final long least;
    private final long greatest;
    private final boolean ofServlet;
    private final String bounds;
    private final String beyond;

    Limit(Unit unit, long standard, long least, long greatest, boolean ofServlet, String bounds, String beyond) {
        this.unit = unit;
        this.standard = standard;
        this.least = least;
        this.greatest = greatest;
        this.ofServlet = ofServlet;
        this.bounds = bounds;
        this.beyond = beyond;
    }

    /**
     * The limit of a name.
     *
     * @throws IllegalArgumentException if there is none; the message names those that there are
     */
    public static Limit parse(String name) {
        return Arrays.stream(values())
                .filter(limit -> limit.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no limit " + name + "; there are "
                        + Arrays.stream(values()).map(Limit::text).collect(Collectors.joining(", "))));
    }

    /** Its name in options and documents, like {@code body-bytes}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its value, unless it is set otherwise. */
    public long standard() {
        return standard;
    }

    long checked(long value) {
        if (value < least || value > greatest) {
            throw new IllegalArgumentException(
                    "the limit " + text() + " is from " + least + " to " + greatest + ", not " + value);
        }
        return value;
    }

    /** Its row in the table of all. */
    String row() {
        return "| `" + text() + "` | " + amount(standard) + " | " + bounds + " | " + beyond + " | "
                + (ofServlet ? "servlet" : "server") + " |";
    }

    private String amount(long value) {
        return String.format(Locale.ROOT, "%,d %s", value, unit.symbol).strip();
    }
}
