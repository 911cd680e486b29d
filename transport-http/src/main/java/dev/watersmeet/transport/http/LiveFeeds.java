package dev.watersmeet.transport.http;

import dev.watersmeet.format.FeedRequest;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live feeds of one servlet, and the few threads that they share. */
final class LiveFeeds {
    private static final Logger log = LoggerFactory.getLogger(LiveFeeds.class);

    static final String MEDIA_TYPE = "text/event-stream";

    /** The container keeps a buffer for as long as a feed lasts, and writes no more than that at a time: most events go whole. */
    private static final int BUFFER_BYTES = 4_096;

    /** Pages are read from a store, which blocks; they are small and mostly cached. */
    private static final int READERS = 4;

    /** The part of the lifetime by which that of each feed is longer or shorter. */
    private static final double JITTER = 0.2;

    private final SyncEngine engine;
    private final Authenticator authenticator;
    private final InstantSource clock;
    private final PageEvents events = new PageEvents();
    private final Set<LiveFeed> feeds = ConcurrentHashMap.newKeySet();
    private final ExecutorService readers = Executors.newFixedThreadPool(READERS, threads("watersmeet-feed-"));
    private final ScheduledExecutorService heart =
            Executors.newSingleThreadScheduledExecutor(threads("watersmeet-heartbeat-"));
    private final ScheduledFuture<?> beats;
    private final Duration lifetime;
    private final Places places;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * No feeds yet.
     *
     * @param onBeat called with every heartbeat
     */
    LiveFeeds(SyncEngine engine, Authenticator authenticator, InstantSource clock, HttpLimits limits, Runnable onBeat) {
        this.engine = engine;
        this.authenticator = authenticator;
        this.clock = clock;
        this.lifetime = limits.durationOf(Limit.FEED_LIFETIME);
        this.places = new Places("live feeds", limits.intOf(Limit.FEEDS), limits.intOf(Limit.FEEDS_OF_PRINCIPAL));
        long millis = limits.of(Limit.HEARTBEAT);
        beats = heart.scheduleWithFixedDelay(
                () -> {
                    feeds.forEach(feed -> guarded(feed::beat));
                    guarded(onBeat);
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** Runs what is due with a heartbeat. One that threw would be the last: no feed would be asked for its token any more. */
    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            log.error("a heartbeat of live feeds failed", e);
        }
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

    /** Turns a request into a feed of one space. Throws while it can still be answered otherwise, that is, if the first page cannot be read. */
    void begin(HttpServletRequest request, HttpServletResponse response, Caller caller, SpaceId space, String cursor)
            throws IOException {
        FeedToken token = new FeedToken(authenticator, clock, caller);
        FeedSpace only = new FeedSpace(new FeedReader(engine, space, token), cursor);
        LiveFeed feed = open(token, List.of(only), FeedEvents.ofOne(events));
        begin(request, response, feed, () -> {
            feed.watch(only); // before the first page is read, so that none is missed
            feed.tell(only, only.reader.after(cursor));
        });
    }

    /** Turns a request into a feed of several spaces. What is wrong with one of them is told in the feed. */
    void begin(HttpServletRequest request, HttpServletResponse response, Caller caller, FeedRequest wanted)
            throws IOException {
        FeedToken token = new FeedToken(authenticator, clock, caller);
        List<FeedSpace> spaces = wanted.spaces().stream()
                .map(start -> new FeedSpace(new FeedReader(engine, SpaceId.of(start.space()), token), start.cursor()))
                .toList();
        LiveFeed feed = open(token, spaces, FeedEvents.ofSeveral(events, spaces));
        begin(
                request,
                response,
                feed,
                () -> spaces.forEach(space -> {
                    try {
                        feed.watch(space);
                    } catch (RuntimeException e) {
                        feed.tell(space, Failures.problem(e, "a live feed"));
                    }
                }));
    }

    private LiveFeed open(FeedToken token, List<FeedSpace> spaces, FeedEvents telling) {
        if (closed.get()) {
            throw ProblemException.of(ProblemCode.STORE_UNAVAILABLE, "the server is about to stop");
        }
        Principal principal = token.principal();
        places.take(principal);
        return new LiveFeed(token, spaces, telling, readers, closing -> forget(closing, principal), jittered(lifetime));
    }

    private void begin(HttpServletRequest request, HttpServletResponse response, LiveFeed feed, Runnable beginning)
            throws IOException {
        try {
            beginning.run();
            Answer.protect(response);
            response.setContentType(MEDIA_TYPE);
            response.setHeader("X-Accel-Buffering", "no");
            response.setBufferSize(BUFFER_BYTES);
            AsyncContext context = request.startAsync();
            feeds.add(feed);
            feed.start(context);
        } catch (RuntimeException | IOException e) {
            feed.close();
            throw e;
        }
        if (closed.get()) {
            feed.end();
        }
    }

    private static Duration jittered(Duration lifetime) {
        double factor = ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER);
        return Duration.ofMillis((long) (lifetime.toMillis() * factor));
    }

    private void forget(LiveFeed feed, Principal principal) {
        feeds.remove(feed);
        places.release(principal);
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
