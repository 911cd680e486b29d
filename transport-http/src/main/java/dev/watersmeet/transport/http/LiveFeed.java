package dev.watersmeet.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Page;
import dev.watersmeet.store.Subscription;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One live feed: a response that stays open and to which pages of changes are written as events (P-13).
 *
 * <p>It holds no thread. Whoever has something to write puts it into the queue and pumps: writes as long as the connection takes bytes. When it does not, the container calls when it does again. A
 * page is only read when everything before it is written, so that a slow client costs at most one page of memory. All state is guarded by the lock, under which nothing blocks.
 */
final class LiveFeed implements WriteListener {
    private static final Logger log = LoggerFactory.getLogger(LiveFeed.class);
    private static final byte[] HEARTBEAT = ":\n\n".getBytes(UTF_8);

    private final FeedReader reader;
    private final PageEvents events;
    private final Executor readers;
    private final Consumer<LiveFeed> onClosed;
    private final long begun;
    private final Duration lifetime;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<byte[]> queue = new ArrayDeque<>();
    private @Nullable AsyncContext context;
    private @Nullable ServletOutputStream out;
    private @Nullable Subscription subscription;
    private String cursor;
    private boolean writable;
    private boolean unflushed;
    private boolean stale;
    private boolean reading;
    private boolean ending;
    private boolean closed;

    /**
     * A feed that has not begun.
     *
     * @param reader reads the page after a cursor
     * @param events encodes pages
     * @param readers where pages are read
     * @param onClosed called once, when the feed is closed
     * @param cursor from where the feed goes on
     * @param lifetime after how long the feed ends, with the heartbeat that comes next
     */
    LiveFeed(
            FeedReader reader,
            PageEvents events,
            Executor readers,
            Consumer<LiveFeed> onClosed,
            String cursor,
            Duration lifetime) {
        this.reader = reader;
        this.events = events;
        this.readers = readers;
        this.onClosed = onClosed;
        this.cursor = cursor;
        this.begun = System.nanoTime();
        this.lifetime = lifetime;
    }

    /** Takes over the subscription that wakes this feed. */
    void watch(Subscription watched) {
        guarded(() -> subscription = watched);
    }

    /** Begins to write: the first page, even if it is empty, so that the client knows that it is live. */
    void start(AsyncContext begun, Page first) throws IOException {
        begun.setTimeout(0);
        ServletOutputStream output = begun.getResponse().getOutputStream();
        guarded(() -> {
            context = begun;
            out = output;
            send(first);
        });
        output.setWriteListener(this);
    }

    /** Something may have changed. Returns at once. */
    void wake() {
        guarded(() -> {
            stale = true;
            proceed();
        });
    }

    /**
     * Ends the feed if it has lasted long enough. Else says that it is alive, and looks for changes, for being woken is only a hint; and whether the token still stands.
     */
    void beat() {
        reader.doubt();
        guarded(() -> {
            if (lifetime.compareTo(Duration.ofNanos(System.nanoTime() - begun)) <= 0) {
                ending = true; // the client goes on from its last cursor, with a token that stands
            } else if (queue.isEmpty()) {
                queue.add(HEARTBEAT);
            }
            stale = true;
            proceed();
        });
    }

    /** Ends the stream after what is in the queue. */
    void end() {
        guarded(() -> {
            ending = true;
            proceed();
        });
    }

    @Override
    public void onWritePossible() {
        guarded(() -> {
            writable = true;
            proceed();
        });
    }

    @Override
    public void onError(Throwable failure) {
        close(); // the client is gone, which is how most feeds end
    }

    /** Lets go of everything. The connection is closed if it is still there. */
    void close() {
        guarded(this::closeGuarded);
    }

    private void closeGuarded() {
        if (closed) {
            return;
        }
        closed = true;
        queue.clear();
        if (subscription != null) {
            subscription.close();
        }
        onClosed.accept(this);
        if (context != null) {
            complete(context);
        }
    }

    private static void complete(AsyncContext context) {
        try {
            context.complete();
        } catch (IllegalStateException e) {
            log.debug("a live feed was completed by the container", e);
        }
    }

    private void guarded(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is there, then reads or ends. */
    private void proceed() {
        if (closed || out == null) {
            return;
        }
        try {
            if (!pump(out)) {
                return;
            }
        } catch (IOException | RuntimeException e) {
            log.debug("a live feed has lost its client", e);
            closeGuarded();
            return;
        }
        if (ending) {
            closeGuarded();
        } else if (stale && !reading) {
            read();
        }
    }

    /** Writes and flushes as long as the connection takes it. True if nothing is left. */
    private boolean pump(ServletOutputStream output) throws IOException {
        while (writable) {
            if (!output.isReady()) {
                writable = false; // the container calls when it is ready again
                return false;
            }
            byte[] next = queue.poll();
            if (next != null) {
                output.write(next);
                unflushed = true;
            } else if (unflushed) {
                output.flush();
                unflushed = false;
            } else {
                return true;
            }
        }
        return false;
    }

    private void read() {
        reading = true;
        stale = false;
        String after = cursor;
        try {
            readers.execute(() -> readAfter(after));
        } catch (RejectedExecutionException e) {
            closeGuarded(); // the servlet is destroyed
        }
    }

    private void readAfter(String after) {
        Runnable result;
        try {
            Page page = reader.after(after);
            result = () -> offer(page);
        } catch (RuntimeException e) {
            byte[] problem = MergeFormat.writeProblem(Failures.problem(e, "a live feed"));
            result = () -> {
                queue.add(PageEvents.event("problem", null, problem));
                ending = true;
            };
        }
        Runnable taken = result;
        guarded(() -> {
            reading = false;
            taken.run();
            proceed();
        });
    }

    private void offer(Page page) {
        if (!page.documents().isEmpty() || !page.cursor().equals(cursor)) {
            send(page);
        }
    }

    private void send(Page page) {
        queue.add(events.of(page));
        cursor = page.cursor();
        stale |= page.more();
    }
}
