package dev.watersmeet.store.geode;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.store.processlogs.ProcessLogOptions;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How a store uses a cluster.
 *
 * @param regions what the names of its regions begin with: a letter, then letters, digits and underscores, 32 at most
 * @param createRegions whether regions that are missing are created, where the store's functions are deployed; if not, the store says which commands to run
 * @param useFunctions whether documents are merged by the store's function, where it is deployed
 * @param waiting how servers wait for each other; of what others write Geode tells, so they look seldom, for what may be missed when a queue of Geode is lost
 */
public record GeodeOptions(String regions, boolean createRegions, boolean useFunctions, ProcessLogOptions waiting) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,31}");
    private static final Duration POLL = Duration.ofSeconds(2);

    public GeodeOptions {
        requireNonNull(waiting);
        if (!NAME.matcher(regions).matches()) {
            throw new IllegalArgumentException(
                    "the names of regions begin with 1 to 32 letters, digits and underscores: " + regions);
        }
    }

    /** Regions whose names begin with {@code watersmeet}, which are created if they are missing; functions are used where they are deployed; a look every two seconds. */
    public static GeodeOptions defaults() {
        return new GeodeOptions(
                "watersmeet", true, true, ProcessLogOptions.defaults().withPoll(POLL));
    }

    /** The same with other regions. */
    public GeodeOptions withRegions(String prefix) {
        return new GeodeOptions(prefix, createRegions, useFunctions, waiting);
    }

    /** The same, where regions that are missing are refused, or are created. */
    public GeodeOptions creatingRegions(boolean create) {
        return new GeodeOptions(regions, create, useFunctions, waiting);
    }

    /** The same, where functions are used, or are not. */
    public GeodeOptions usingFunctions(boolean use) {
        return new GeodeOptions(regions, createRegions, use, waiting);
    }

    /** The same with other waiting. */
    public GeodeOptions withWaiting(ProcessLogOptions other) {
        return new GeodeOptions(regions, createRegions, useFunctions, other);
    }
}
