package dev.watersmeet.transport.http;

import dev.watersmeet.format.Page;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.sync.SyncEngine;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The live feeds of one servlet, and the few threads that they share. */
final class LiveFeeds {
    static final String MEDIA_TYPE = "text/event-stream";

    /** Pages are read from a store, which blocks; they are small and mostly cached. */
    private static final int READERS = 4;

    private final SyncEngine engine;
    private final Set<LiveFeed> feeds = ConcurrentHashMap.newKeySet();
    private final ExecutorService readers = Executors.newFixedThreadPool(READERS, threads("watersmeet-feed-"));
    private final ScheduledExecutorService heart =
            Executors.newSingleThreadScheduledExecutor(threads("watersmeet-heartbeat-"));
    private final ScheduledFuture<?> beats;
    private final int most;
    private final AtomicInteger places;
    private final AtomicBoolean closed = new AtomicBoolean();

    LiveFeeds(SyncEngine engine, Duration heartbeat, int most) {
        this.engine = engine;
        this.most = most;
        this.places = new AtomicInteger(most);
        long millis = heartbeat.toMillis();
        beats = heart.scheduleWithFixedDelay(
                () -> feeds.forEach(LiveFeed::beat), millis, millis, TimeUnit.MILLISECONDS);
    }

    private static ThreadFactory threads(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    int open() {
        return feeds.size();
    }

    /** Turns a request into a feed. Throws while it can still be answered otherwise, that is, if the first page cannot be read. */
    void begin(
            HttpServletRequest request, HttpServletResponse response, Principal principal, SpaceId space, String cursor)
            throws IOException {
        if (closed.get()) {
            throw ProblemException.of(ProblemCode.STORE_UNAVAILABLE, "the server is about to stop");
        }
        if (places.getAndDecrement() <= 0) {
            places.incrementAndGet();
            throw ProblemException.of(ProblemCode.RATE_LIMITED, "the server has at most " + most + " live feeds");
        }
        LiveFeed feed = new LiveFeed(after -> engine.changes(principal, space, after), readers, this::forget, cursor);
        try {
            feed.watch(engine.watch(
                    principal, space, feed::wake)); // before the first page is read, so that none is missed
            Page first = engine.changes(principal, space, cursor);
            Answer.protect(response);
            response.setContentType(MEDIA_TYPE);
            response.setHeader("X-Accel-Buffering", "no");
            AsyncContext context = request.startAsync();
            feeds.add(feed);
            feed.start(context, first);
        } catch (RuntimeException | IOException e) {
            feed.close();
            throw e;
        }
        if (closed.get()) {
            feed.end();
        }
    }

    private void forget(LiveFeed feed) {
        feeds.remove(feed);
        places.incrementAndGet();
    }

    /** Ends all feeds, gently: what was begun to be written is written. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            beats.cancel(false);
            heart.shutdown();
            feeds.forEach(LiveFeed::end);
            readers.shutdown();
        }
    }
}
