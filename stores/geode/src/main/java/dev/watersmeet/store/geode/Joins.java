package dev.watersmeet.store.geode;

import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.geode.function.Change;
import dev.watersmeet.store.geode.function.JoinFunction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.geode.cache.Region;
import org.apache.geode.cache.execute.FunctionException;
import org.apache.geode.cache.execute.FunctionService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins changes to entries of regions: by the function on the servers, where it is deployed, or by compare-and-set from here. Both may be repeated, and mixed. Closing it ends its threads. Thread-safe.
 */
final class Joins implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Joins.class);

    private static final int THREADS = 16;
    /** The changes of one call of the function. */
    private static final int MAX_CALL_BYTES = 1 << 20;

    private final ExecutorService threads;
    private volatile boolean function;

    /** @param function whether the function is deployed */
    Joins(boolean function) {
        this.function = function;
        AtomicInteger started = new AtomicInteger();
        threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "watersmeet-geode-" + started.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Joins a change to each entry. */
    void join(Region<String, byte[]> region, Map<String, byte[]> changes) {
        if (!function || !callAll(region, changes)) {
            joinFromHere(region, changes);
        }
    }

    private boolean callAll(Region<String, byte[]> region, Map<String, byte[]> changes) {
        Set<Change> call = new HashSet<>();
        long bytes = 0;
        for (Map.Entry<String, byte[]> change : changes.entrySet()) {
            if (bytes + change.getValue().length > MAX_CALL_BYTES && !call.isEmpty()) {
                if (!call(region, call)) {
                    return false;
                }
                call = new HashSet<>();
                bytes = 0;
            }
            call.add(Change.of(change.getKey(), change.getValue()));
            bytes += change.getValue().length;
        }
        return call.isEmpty() || call(region, call);
    }

    /** Whether the function is there. */
    @SuppressWarnings("unchecked") // Geode does not say of what type an execution's arguments are
    private boolean call(Region<String, byte[]> region, Set<Change> changes) {
        return Failures.repeating(() -> {
            try {
                FunctionService.onRegion(region)
                        .withFilter(changes)
                        .execute(JoinFunction.ID)
                        .getResult();
                return true;
            } catch (FunctionException e) {
                if (!isMissing(e)) {
                    throw e;
                }
                LOG.warn("a server of Geode lacks the function {}: merging from here from now on", JoinFunction.ID);
                function = false;
                return false;
            }
        });
    }

    /** Whether a function is not deployed; Geode says so in words only. */
    static boolean isMissing(FunctionException failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("not registered")) {
                return true;
            }
        }
        return false;
    }

    private void joinFromHere(Region<String, byte[]> region, Map<String, byte[]> changes) {
        if (changes.size() == 1) {
            changes.forEach((key, change) -> joinOne(region, key, null, change));
            return;
        }
        Map<String, byte[]> seen = Failures.repeating(() -> region.getAll(changes.keySet()));
        List<Future<?>> running = new ArrayList<>();
        changes.forEach(
                (key, change) -> running.add(threads.submit(() -> joinOne(region, key, seen.get(key), change))));
        running.forEach(Joins::await);
    }

    private static void joinOne(Region<String, byte[]> region, String key, byte @Nullable [] seen, byte[] change) {
        Failures.repeating(() -> Failures.reading(() -> {
            JoinFunction.join(region, key, seen, change);
            return region;
        }));
    }

    private static void await(Future<?> running) {
        try {
            running.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "interrupted while writing", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
