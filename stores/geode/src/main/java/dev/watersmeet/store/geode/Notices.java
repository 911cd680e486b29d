package dev.watersmeet.store.geode;

import dev.watersmeet.store.processlogs.ChangeListener;
import java.util.ArrayList;
import java.util.List;
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

    private final ChangeListener listener;
    private final Runnable serverJoined;
    private final List<CqQuery> queries = new ArrayList<>();
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

    private Notices(ChangeListener listener, Runnable serverJoined) {
        this.listener = listener;
        this.serverJoined = serverJoined;
    }

    /**
     * Begins to listen.
     *
     * @param serverJoined what is done when a server has come, quickly
     */
    static Notices start(Regions regions, ChangeListener listener, Runnable serverJoined) {
        Notices notices = new Notices(listener, serverJoined);
        ClientMembership.registerClientMembershipListener(notices.membership);
        try {
            notices.query(regions, regions.tip());
            notices.query(regions, regions.control());
            regions.readyForEvents();
        } catch (QueryException | GemFireException e) {
            LOG.warn(
                    "Geode does not tell of changes, and is looked at instead, every few seconds; its servers need geode-cq,"
                            + " and this user CLUSTER:MANAGE:QUERY",
                    e);
        }
        return notices;
    }

    private void query(Regions regions, Region<String, byte[]> region) throws QueryException {
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

    @Override
    public void close() {
        ClientMembership.unregisterClientMembershipListener(membership);
        for (CqQuery query : queries) {
            try {
                query.close();
            } catch (CqException | GemFireException e) {
                LOG.debug("a query was not closed, and ends with its client", e);
            }
        }
    }
}
