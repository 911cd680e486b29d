package dev.watersmeet.store.geode;

import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.geode.function.Layers.UnreadableException;
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
    /** How often what may be repeated is tried: a server that dies breaks all connections to it, one after the other. */
    private static final int ATTEMPTS = 8;

    private static final long PAUSE_MILLIS = 50;

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
        for (int attempt = 1; ; attempt++) {
            try {
                return action.get();
            } catch (GemFireException e) {
                StoreException failure = of(e);
                if (attempt == ATTEMPTS || !failure.retryable() || find(e, NoAvailableServersException.class) != null) {
                    throw failure;
                }
                pause(failure);
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

    private static void pause(StoreException failure) {
        try {
            Thread.sleep(PAUSE_MILLIS);
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
            return unusable(
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
