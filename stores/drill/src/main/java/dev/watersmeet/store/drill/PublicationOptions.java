package dev.watersmeet.store.drill;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How documents are published for Drill.
 *
 * @param interval how long after a change it is read by queries, at most, besides the time that writing takes
 * @param schema the workspace's name in queries, like {@code dfs.watersmeet}
 * @param maxSegments into how many files what is new in a table is scattered before it is gathered in one
 * @param compactBytes how long what is new in a table is at least, in bytes, before that is compacted, which is done when it is also longer than what was compacted before
 * @param compactAfter after which time it is compacted if it is less: what a purge has dropped, and what else is not kept, is in files until then
 * @param history for how long cells stay that others have taken the place of; zero for ever. They go when the table is compacted
 * @param grace how long queries may take that read files which others have taken the place of
 * @param drill the Drillbit that compacts; null for none
 */
public record PublicationOptions(
        Duration interval,
        String schema,
        int maxSegments,
        long compactBytes,
        Duration compactAfter,
        Duration history,
        Duration grace,
        @Nullable DrillClient drill) {
    private static final int DEFAULT_MAX_SEGMENTS = 300;
    private static final long DEFAULT_COMPACT_BYTES = 4 << 20;
    private static final Duration DEFAULT_COMPACT_AFTER = Duration.ofDays(1);
    private static final Duration DEFAULT_HISTORY = Duration.ofDays(365);

    public PublicationOptions {
        requireNonNull(schema);
        if (interval.toMillis() < 1 || maxSegments < 1 || compactBytes < 1) {
            throw new IllegalArgumentException("an interval of a millisecond, a segment, and a byte, are the least: "
                    + interval + ", " + maxSegments + ", " + compactBytes);
        }
        if (compactAfter.isNegative() || history.isNegative() || grace.isNegative()) {
            throw new IllegalArgumentException(
                    "times are not negative: " + compactAfter + ", " + history + ", " + grace);
        }
    }

    /** Every second, as {@code dfs.watersmeet}, with the history of a year; compacted by nobody. */
    public static PublicationOptions defaults() {
        return new PublicationOptions(
                Duration.ofSeconds(1),
                "dfs.watersmeet",
                DEFAULT_MAX_SEGMENTS,
                DEFAULT_COMPACT_BYTES,
                DEFAULT_COMPACT_AFTER,
                DEFAULT_HISTORY,
                Duration.ofMinutes(5),
                null);
    }

    /** The same with another interval. */
    public PublicationOptions withInterval(Duration other) {
        return new PublicationOptions(other, schema, maxSegments, compactBytes, compactAfter, history, grace, drill);
    }

    /** The same with another name of the workspace. */
    public PublicationOptions withSchema(String name) {
        return new PublicationOptions(interval, name, maxSegments, compactBytes, compactAfter, history, grace, drill);
    }

    /** The same with another bound of files. */
    public PublicationOptions withMaxSegments(int count) {
        return new PublicationOptions(interval, schema, count, compactBytes, compactAfter, history, grace, drill);
    }

    /** The same, compacted by a Drillbit, to whose workspace {@link #schema} both write. */
    public PublicationOptions withDrill(DrillClient drillbit) {
        return new PublicationOptions(
                interval, schema, maxSegments, compactBytes, compactAfter, history, grace, drillbit);
    }

    /** The same with another length of what is new before it is compacted. */
    public PublicationOptions withCompactBytes(long bytes) {
        return new PublicationOptions(interval, schema, maxSegments, bytes, compactAfter, history, grace, drill);
    }

    /** The same with another time after which what is new is compacted. */
    public PublicationOptions withCompactAfter(Duration other) {
        return new PublicationOptions(interval, schema, maxSegments, compactBytes, other, history, grace, drill);
    }

    /** The same with a history of another length. */
    public PublicationOptions withHistory(Duration other) {
        return new PublicationOptions(interval, schema, maxSegments, compactBytes, compactAfter, other, grace, drill);
    }

    /** The same with another time for queries. */
    public PublicationOptions withGrace(Duration other) {
        return new PublicationOptions(interval, schema, maxSegments, compactBytes, compactAfter, history, other, drill);
    }
}
