package dev.watersmeet.store.geode;

import dev.watersmeet.store.processlogs.ChangeListener;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.geode.GemFireException;
import org.apache.geode.cache.Region;
import org.apache.geode.cache.query.CqAttributesFactory;
import org.apache.geode.cache.query.CqEvent;
import org.apache.geode.cache.query.CqException;
import org.apache.geode.cache.query.CqQuery;
import org.apache.geode.cache.query.CqStatusListener;
import org.apache.geode.cache.query.QueryException;
import org.apache.geode.management.membership.ClientMembership;
import org.apache.geode.management.membership.ClientMembershipEvent;
import org.apache.geode.management.membership.ClientMembershipListenerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Geode tells of other clients' writes: continuous queries over the tips of logs and the control records. Geode does not tell a client of its own writes. When a server has come or gone, something may have been missed. Closing it
 * ends the queries.
 */
final class Notices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
    private static final AtomicInteger STARTED = new AtomicInteger();

    private static final int RETRY_SECONDS = 5;

    private final Regions regions;
    private final ChangeListener listener;
    private final Runnable serverJoined;
    private final Queue<CqQuery> queries = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService retries = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "watersmeet-geode-notices");
        thread.setDaemon(true);
        return thread;
    });
    private final ClientMembershipListenerAdapter membership = new ClientMembershipListenerAdapter() {
        @Override
        public void memberJoined(ClientMembershipEvent event) {
            if (!event.isClient()) {
                serverJoined.run();
                listener.missed();
            }
        }

        @Override
        public void memberLeft(ClientMembershipEvent event) {
            listener.missed();
        }

        @Override
        public void memberCrashed(ClientMembershipEvent event) {
            listener.missed();
        }
    };

    private Notices(Regions regions, ChangeListener listener, Runnable serverJoined) {
        this.regions = regions;
        this.listener = listener;
        this.serverJoined = serverJoined;
    }

    /**
     * Begins to listen.
     *
     * @param serverJoined what is done when a server has come, quickly
     */
    static Notices start(Regions regions, ChangeListener listener, Runnable serverJoined) {
        Notices notices = new Notices(regions, listener, serverJoined);
        ClientMembership.registerClientMembershipListener(notices.membership);
        notices.listen(1);
        return notices;
    }

    /** Asks Geode to tell; if it does not, as right after a server has died, then again, and again. */
    private void listen(int attempt) {
        try {
            query(regions.tip());
            query(regions.control());
            regions.readyForEvents();
            if (attempt > 1) {
                LOG.info("Geode tells of changes again");
                listener.missed();
            }
        } catch (QueryException | GemFireException e) {
            closeQueries();
            if (attempt == 1) {
                LOG.warn(
                        "Geode does not tell of changes, and is looked at instead, every few seconds; it is asked again until"
                                + " it does. Its servers need geode-cq, and this user CLUSTER:MANAGE:QUERY",
                        e);
            }
            try {
                var unused = retries.schedule(() -> listen(attempt + 1), RETRY_SECONDS, TimeUnit.SECONDS);
            } catch (RejectedExecutionException closed) {
                LOG.debug("closed before Geode told of changes", closed);
            }
        }
    }

    private void query(Region<String, byte[]> region) throws QueryException {
        CqAttributesFactory attributes = new CqAttributesFactory();
        attributes.addCqListener(new Telling());
        CqQuery query = regions.pool()
                .getQueryService()
                .newCq(
                        region.getName() + "-" + STARTED.incrementAndGet(),
                        "SELECT * FROM " + region.getFullPath(),
                        attributes.create(),
                        regions.durable());
        queries.add(query);
        query.execute();
    }

    /** Takes the events of a query. */
    private final class Telling implements CqStatusListener {
        @Override
        public void onEvent(CqEvent event) {
            listener.changed(Keys.spaceOf((String) event.getKey()));
        }

        @Override
        public void onError(CqEvent event) {
            LOG.warn("Geode could not tell of a change", event.getThrowable());
            listener.missed();
        }

        @Override
        public void onCqDisconnected() {
            LOG.info("cut off from Geode");
        }

        @Override
        public void onCqConnected() {
            listener.missed();
        }
    }

    private void closeQueries() {
        for (CqQuery query : queries) {
            try {
                query.close();
            } catch (CqException | GemFireException e) {
                LOG.debug("a query was not closed, and ends with its client", e);
            }
        }
        queries.clear();
    }

    @Override
    public void close() {
        ClientMembership.unregisterClientMembershipListener(membership);
        retries.shutdownNow();
        closeQueries();
    }
}
