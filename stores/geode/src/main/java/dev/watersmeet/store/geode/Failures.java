package dev.watersmeet.store.geode;

import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.geode.function.Layers.UnreadableException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.apache.geode.GemFireException;
import org.apache.geode.cache.RegionDestroyedException;
import org.apache.geode.cache.client.NoAvailableLocatorsException;
import org.apache.geode.cache.client.NoAvailableServersException;
import org.apache.geode.cache.client.ServerConnectivityException;
import org.apache.geode.security.GemFireSecurityException;
import org.apache.geode.security.NotAuthorizedException;
import org.jspecify.annotations.Nullable;

/** What Geode's failures become for the store's callers. */
final class Failures {
    /** How long what may be repeated is tried: a server that dies breaks all connections to it, one after the other, and one that comes back takes over buckets while they are asked for. It is longer than Geode waits for an answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** The same while no server is to be found at all: where all are gone, callers hear of it soon. */
    private static final Duration PATIENCE_ALONE = Duration.ofSeconds(1);

    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private Failures() {}

    /** Runs what may be run only once: after a failure of kind {@code UNAVAILABLE} it is not known whether it took effect. */
    static <T> T once(Supplier<T> action) {
        try {
            return action.get();
        } catch (GemFireException e) {
            throw of(e);
        }
    }

    /** Runs what may be repeated: a read, or what has the same effect each time. */
    static <T> T repeating(Supplier<T> action) {
        long start = System.nanoTime();
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                return action.get();
            } catch (GemFireException | StoreException e) {
                StoreException failure = e instanceof StoreException known ? known : of((GemFireException) e);
                Duration patience = find(e, NoAvailableServersException.class) == null ? PATIENCE : PATIENCE_ALONE;
                if (!failure.retryable() || System.nanoTime() - start >= patience.toNanos()) {
                    throw failure;
                }
                pause(pause, failure);
            }
        }
    }

    /** Reads what is stored. */
    static <T> T reading(Supplier<T> action) {
        try {
            return action.get();
        } catch (UnreadableException e) {
            throw unusable(String.valueOf(e.getMessage()), e);
        }
    }

    private static void pause(long millis, StoreException failure) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    static StoreException of(GemFireException e) {
        UnreadableException unreadable = find(e, UnreadableException.class); // by the function
        if (unreadable != null) {
            return unusable(String.valueOf(unreadable.getMessage()), e);
        }
        if (find(e, NotAuthorizedException.class) != null) {
            return unusable(
                    "Geode does not let this user do what the store needs: " + last(e)
                            + "; it needs DATA:READ and DATA:WRITE on the store's regions, and CLUSTER:MANAGE:QUERY",
                    e);
        }
        if (find(e, GemFireSecurityException.class) != null) {
            return unusable(
                    "Geode does not take the credentials: " + last(e)
                            + "; check security-username and security-password",
                    e);
        }
        if (find(e, RegionDestroyedException.class) != null) {
            return unavailable( // a server that comes back answers before it has the regions that clients create
                    "a region is missing: " + last(e)
                            + "; the commands that create the regions are in the store's guide",
                    e);
        }
        if (find(e, SSLException.class) != null) {
            return unusable(
                    "no TLS connection to Geode: " + last(e)
                            + "; check ssl-truststore and the certificates of its locators and servers",
                    e);
        }
        if (find(e, NoAvailableLocatorsException.class) != null) {
            return unavailable(
                    "Geode cannot be reached: " + last(e)
                            + "; check their addresses, and ssl-enabled-components and ssl-truststore where they want TLS",
                    e);
        }
        return unavailable(
                (e instanceof ServerConnectivityException
                                ? "Geode cannot be reached: "
                                : "Geode does not answer as it should: ")
                        + e.getMessage(),
                e);
    }

    private static StoreException unavailable(String message, Throwable cause) {
        return new StoreException(StoreException.Kind.UNAVAILABLE, message, cause);
    }

    private static StoreException unusable(String message, Throwable cause) {
        return new StoreException(StoreException.Kind.UNUSABLE, message, cause);
    }

    /** The first of a failure and its causes that is of a type. */
    static <T extends Throwable> @Nullable T find(@Nullable Throwable failure, Class<T> type) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    private static String last(Throwable failure) {
        Throwable last = failure;
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            last = cause;
        }
        return String.valueOf(last.getMessage());
    }
}
