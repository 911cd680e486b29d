package dev.watersmeet.store.drill;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How documents are published for Drill.
 *
 * @param interval how long after a change it is read by queries, at most, besides the time that writing takes
 * @param schema the workspace's name in queries, like {@code dfs.watersmeet}
 * @param maxSegments into how many files a table is scattered before it is written anew
 */
public record PublicationOptions(Duration interval, String schema, int maxSegments) {
    private static final int DEFAULT_MAX_SEGMENTS = 300;

    public PublicationOptions {
        requireNonNull(schema);
        if (interval.toMillis() < 1 || maxSegments < 1) {
            throw new IllegalArgumentException(
                    "an interval of a millisecond, and a segment, are the least: " + interval + ", " + maxSegments);
        }
    }

    /** Every second, as {@code dfs.watersmeet}, in at most 300 files. */
    public static PublicationOptions defaults() {
        return new PublicationOptions(Duration.ofSeconds(1), "dfs.watersmeet", DEFAULT_MAX_SEGMENTS);
    }

    /** The same with another interval. */
    public PublicationOptions withInterval(Duration other) {
        return new PublicationOptions(other, schema, maxSegments);
    }

    /** The same with another name of the workspace. */
    public PublicationOptions withSchema(String name) {
        return new PublicationOptions(interval, name, maxSegments);
    }

    /** The same with another bound of files. */
    public PublicationOptions withMaxSegments(int count) {
        return new PublicationOptions(interval, schema, count);
    }
}
