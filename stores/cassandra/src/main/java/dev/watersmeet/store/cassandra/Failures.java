package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import dev.watersmeet.store.StoreException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

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
        if (isFromAll(e, AuthenticationException.class)) {
            return new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "Cassandra refuses the name or the password of the driver's configuration: " + e.getMessage(),
                    e);
        }
        if (isFromAll(e, SSLException.class)) {
            return new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "there is no TLS connection to Cassandra; check the truststore of the driver's configuration, and"
                            + " that the certificate is for the address: " + e.getMessage(),
                    e);
        }
        if (e instanceof NoNodeAvailableException) {
            return new StoreException(
                    StoreException.Kind.UNAVAILABLE,
                    "no node of Cassandra can be asked at present: they are down, or not in the data centre that this"
                            + " server is told to use",
                    e);
        }
        if (e instanceof UnavailableException few) {
            return new StoreException(
                    StoreException.Kind.UNAVAILABLE,
                    "Cassandra has too few live nodes for the copies of the keyspace: " + few.getMessage()
                            + "; start them, or give the keyspace fewer copies by ALTER KEYSPACE … WITH replication",
                    e);
        }
        if (e instanceof QueryValidationException) {
            return new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "Cassandra refuses what the store needs: " + e.getMessage()
                            + "; check its tables, and what its role may do",
                    e);
        }
        return new StoreException(
                StoreException.Kind.UNAVAILABLE, "Cassandra does not answer as it should: " + e.getMessage(), e);
    }

    /** Whether each node that was asked has failed by this, or for its sake. */
    private static boolean isFromAll(DriverException e, Class<? extends Exception> kind) {
        return e instanceof AllNodesFailedException failed
                && !failed.getAllErrors().isEmpty()
                && failed.getAllErrors().values().stream().flatMap(List::stream).allMatch(error -> isFrom(error, kind));
    }

    private static boolean isFrom(Throwable error, Class<? extends Exception> kind) {
        for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
