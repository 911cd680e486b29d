package dev.watersmeet.transport.http;

import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.store.Subscription;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One live feed: a response that stays open and to which pages of changes of one space (P-13) or several (P-20) are written as events.
 *
 * <p>It holds no thread. Whoever has something to write puts it into the queue and pumps: writes as long as the connection takes bytes. When it does not, the container calls when it does again. A
 * page is only read when everything before it is written, so that a slow client costs at most one page of memory, however many spaces it follows; these take turns. All state is guarded by the lock, under which nothing blocks.
 */
final class LiveFeed implements WriteListener {
    private static final Logger log = LoggerFactory.getLogger(LiveFeed.class);

    private final FeedToken token;
    private final List<FeedSpace> spaces;
    private final FeedEvents events;
    private final Executor readers;
    private final Consumer<LiveFeed> onClosed;
    private final long begun;
    private final Duration lifetime;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<byte[]> queue = new ArrayDeque<>();
    private @Nullable AsyncContext context;
    private @Nullable ServletOutputStream out;
    private int turn;
    private boolean writable;
    private boolean unflushed;
    private boolean reading;
    private boolean ending;
    private boolean closed;

    /**
     * A feed that has not begun.
     *
     * @param token with which it was asked for
     * @param spaces what it tells of
     * @param events how it tells
     * @param readers where pages are read
     * @param onClosed called once, when the feed is closed
     * @param lifetime after how long the feed ends, with the heartbeat that comes next
     */
    LiveFeed(
            FeedToken token,
            List<FeedSpace> spaces,
            FeedEvents events,
            Executor readers,
            Consumer<LiveFeed> onClosed,
            Duration lifetime) {
        this.token = token;
        this.spaces = List.copyOf(spaces);
        this.events = events;
        this.readers = readers;
        this.onClosed = onClosed;
        this.begun = System.nanoTime();
        this.lifetime = lifetime;
    }

    /** Is woken from now on when a space changes. */
    void watch(FeedSpace space) {
        Subscription watched = space.reader.watch(() -> wake(space));
        guarded(() -> space.watch(watched));
    }

    /** Tells a page, even if it is empty, so that the client knows that the space is live. */
    void tell(FeedSpace space, Page page) {
        guarded(() -> send(space, page));
    }

    /** Tells a problem, which ends the space, or the feed. */
    void tell(FeedSpace space, Problem problem) {
        guarded(() -> send(space, problem));
    }

    /** Begins to write what was told already, and then the first page of each other space, even if it is empty. */
    void start(AsyncContext begun) throws IOException {
        begun.setTimeout(0);
        ServletOutputStream output = begun.getResponse().getOutputStream();
        guarded(() -> {
            context = begun;
            out = output;
            spaces.forEach(space -> space.stale |= !space.begun);
        });
        output.setWriteListener(this);
    }

    /** Something may have changed. Returns at once. */
    private void wake(FeedSpace space) {
        guarded(() -> {
            space.stale = true;
            proceed();
        });
    }

    /**
     * Ends the feed if it has lasted long enough. Else says that it is alive, and looks for changes, for being woken is only a hint; and whether the token still stands.
     */
    void beat() {
        token.doubt();
        guarded(() -> {
            if (ending) {
                closeGuarded(); // the client has had the time between two heartbeats to take the rest
                return;
            }
            if (lifetime.compareTo(Duration.ofNanos(System.nanoTime() - begun)) <= 0) {
                ending = true; // the client goes on from its last cursor, with a token that stands
            } else if (queue.isEmpty()) {
                queue.add(FeedEvents.HEARTBEAT);
            }
            spaces.forEach(space -> space.stale = true);
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
        spaces.forEach(FeedSpace::end);
        onClosed.accept(this);
        if (context != null) {
            Delivery.complete(context);
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
        } else if (!reading) {
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

    /** Reads the next page of the next space that has one, if there is one. */
    private void read() {
        for (int i = 0; i < spaces.size(); i++) {
            turn = (turn + 1) % spaces.size();
            FeedSpace space = spaces.get(turn);
            if (space.stale && !space.ended) {
                read(space);
                return;
            }
        }
    }

    private void read(FeedSpace space) {
        reading = true;
        space.stale = false;
        String after = space.cursor;
        try {
            readers.execute(() -> readAfter(space, after));
        } catch (RejectedExecutionException e) {
            closeGuarded(); // the servlet is destroyed
        }
    }

    private void readAfter(FeedSpace space, String after) {
        Runnable result;
        try {
            Page page = space.reader.after(after);
            result = () -> offer(space, page);
        } catch (RuntimeException e) {
            Problem problem = Failures.problem(e, "a live feed");
            result = () -> send(space, problem);
        }
        Runnable taken = result;
        guarded(() -> {
            reading = false;
            taken.run();
            proceed();
        });
    }

    private void offer(FeedSpace space, Page page) {
        if (!space.begun || !page.documents().isEmpty() || !page.cursor().equals(space.cursor)) {
            send(space, page);
        }
    }

    private void send(FeedSpace space, Page page) {
        space.begun = true;
        space.cursor = page.cursor();
        space.stale |= page.more();
        queue.add(events.changes(space, page));
    }

    private void send(FeedSpace space, Problem problem) {
        boolean all = problem.code() == ProblemCode.UNAUTHENTICATED; // P-17: the token is that of the whole feed
        queue.add(events.problem(all ? null : space, MergeFormat.writeProblem(problem)));
        space.begun = true;
        space.end();
        ending |= all || spaces.stream().allMatch(each -> each.ended);
    }
}
