package dev.watersmeet.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose requests' headers take too long to arrive. Jetty's idle timeout begins anew with every byte, so a client that sends one now and then would keep its connection for ever.
 *
 * <p>It looks at all connections a few times in that period, so a header may take that much longer.
 */
final class HeaderTimeout extends AbstractLifeCycle implements Connection.Listener {
    private static final Logger log = LoggerFactory.getLogger(HeaderTimeout.class);
    private static final int LOOKS = 4;

    private final Duration most;
    private final Scheduler scheduler;
    private final Map<Connection, Progress> connections = new ConcurrentHashMap<>();

    HeaderTimeout(Duration most, Scheduler scheduler) {
        this.most = most;
        this.scheduler = scheduler;
    }

    /** What was seen of one connection. Only the thread that looks touches it. */
    private static final class Progress {
        private long requests;
        private long bytes;
        private long since;
        private boolean begun;

        /** Whether a request's header has been arriving since before a point in time. */
        boolean isSlow(Connection connection, long now, long nanos) {
            long requestsNow = connection.getMessagesIn();
            long bytesNow = connection.getBytesIn();
            if (requestsNow != requests || requestsNow > connection.getMessagesOut()) { // or its body is arriving
                requests = requestsNow;
                bytes = bytesNow;
                begun = false;
                return false;
            }
            if (!begun && bytesNow != bytes) {
                begun = true;
                since = now;
            }
            return begun && now - since >= nanos;
        }
    }

    @Override
    protected void doStart() {
        schedule();
    }

    private void schedule() {
        scheduler.schedule(this::look, Math.max(1, most.toMillis() / LOOKS), TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (!isRunning() && !isStarting()) {
            return;
        }
        long now = System.nanoTime();
        connections.forEach((connection, progress) -> {
            if (progress.isSlow(connection, now, most.toNanos())) {
                log.debug("the header of a request took too long");
                connection.getEndPoint().close();
            }
        });
        schedule();
    }

    @Override
    public void onOpened(Connection connection) {
        connections.put(connection, new Progress());
    }

    @Override
    public void onClosed(Connection connection) {
        connections.remove(connection);
    }
}
