package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import dev.watersmeet.store.StoreException;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** What the driver's failures become for the store's callers. */
final class Failures {
    private Failures() {}

    static <T> T translating(Supplier<T> action) {
        try {
            return action.get();
        } catch (CompletionException e) {
            if (e.getCause() instanceof DriverException failed) {
                throw of(failed);
            }
            throw e;
        } catch (DriverException e) {
            throw of(e);
        }
    }

    private static StoreException of(DriverException e) {
        if (e instanceof QueryValidationException || isRefused(e)) {
            return new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "Cassandra refuses what the store needs: " + e.getMessage()
                            + "; check its tables, and what its role may do",
                    e);
        }
        return new StoreException(
                StoreException.Kind.UNAVAILABLE, "Cassandra does not answer as it should: " + e.getMessage(), e);
    }

    private static boolean isRefused(DriverException e) {
        return e instanceof AllNodesFailedException failed
                && !failed.getAllErrors().isEmpty()
                && failed.getAllErrors().values().stream()
                        .flatMap(errors -> errors.stream())
                        .allMatch(error -> error instanceof AuthenticationException);
    }
}
