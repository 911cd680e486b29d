package dev.watersmeet.store.geode;

import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.ProcessLogStore;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.geode.cache.CacheClosedException;
import org.apache.geode.cache.client.ClientCache;
import org.apache.geode.cache.client.ClientCacheFactory;
import org.apache.geode.cache.client.Pool;
import org.apache.geode.cache.client.PoolFactory;
import org.apache.geode.cache.client.PoolManager;
import org.jspecify.annotations.Nullable;

/**
 * The way to a store on Geode 1.15. A document is an entry of a partitioned region, which is joined with what comes by compare-and-set; by a function on the servers, where that is deployed.
 */
public final class GeodeStore {
    private static final String POOL = "watersmeet";
    private static final String CLIENT_AUTH = "security-client-auth-init";
    private static final String DURABLE_ID = "durable-client-id";
    private static final String DURABLE_TIMEOUT = "durable-client-timeout";
    private static final String DURABLE_SECONDS = "120";
    /** Geode's own 32 KiB are less than one packet of a loopback network: what is larger than the buffer then waits there for TCP's timers, 40 ms or 200. */
    private static final int SOCKET_BUFFER_BYTES = 256 << 10;

    private GeodeStore() {}

    /**
     * Opens the store of a cluster with a client cache that is there already: a Java virtual machine has one. It stays the caller's to close, after the store.
     *
     * @param cache with what a client needs to know: where the locators are, authentication, TLS
     * @throws StoreException of kind {@code UNUSABLE} if regions are missing and cannot be created, or are not what they have to be, or if Geode does not take the credentials; the message says what to do. Of kind
     *     {@code UNAVAILABLE} if the cluster cannot be reached
     */
    public static Store open(ClientCache cache, GeodeOptions options) {
        return open(cache, options, TimeSource.system());
    }

    static Store open(ClientCache cache, GeodeOptions options, TimeSource time) {
        return open(cache, pool(factory -> likeDefault(cache, factory)), options, time, () -> {});
    }

    /**
     * Opens the store of a cluster with a client cache of its own, which is closed with it.
     *
     * @param locators where the cluster's locators are
     * @param properties of the client, as in {@code gemfire.properties}: {@code security-username} and {@code security-password}, those for TLS, and {@code durable-client-id}, which no two clients share
     * @throws StoreException as {@link #open}; of kind {@code UNUSABLE} also if this Java virtual machine has a cache already
     */
    public static Store connect(List<InetSocketAddress> locators, Properties properties, GeodeOptions options) {
        requireNoCache();
        ClientCache cache = Failures.once(() -> new ClientCacheFactory(withDefaults(properties)).create());
        try {
            Pool pool = pool(factory ->
                    locators.forEach(locator -> factory.addLocator(locator.getHostString(), locator.getPort())));
            return open(cache, pool, options, TimeSource.system(), cache::close);
        } catch (RuntimeException e) {
            cache.close();
            throw e;
        }
    }

    /** Geode would hand out the cache that is there, and this store would close it, or refuse it for its properties. */
    private static void requireNoCache() {
        try {
            ClientCacheFactory.getAnyInstance();
        } catch (CacheClosedException none) {
            return;
        }
        throw new StoreException(
                StoreException.Kind.UNUSABLE,
                "this Java virtual machine has a client cache of Geode already, and can have one only: open the store with"
                        + " that, GeodeStore.open(cache, options)");
    }

    private static Properties withDefaults(Properties properties) {
        Properties all = new Properties();
        all.setProperty(DURABLE_ID, "watersmeet-" + UUID.randomUUID());
        all.setProperty(DURABLE_TIMEOUT, DURABLE_SECONDS);
        if (properties.containsKey("security-username")) {
            all.setProperty(CLIENT_AUTH, GeodeCredentials.class.getName() + ".create");
        }
        all.putAll(properties);
        return all;
    }

    private static Store open(ClientCache cache, Pool pool, GeodeOptions options, TimeSource time, Runnable closing) {
        Regions regions = Regions.of(cache, pool, options.regions());
        Preparation preparation = Failures.once(() -> new Preparation(regions, options).run());
        return ProcessLogStore.open(
                new GeodeBackend(regions, preparation, time::millis, closing), options.waiting(), time);
    }

    /**
     * The way of all stores of a cache to the cluster. It repeats nothing by itself: of a compare-and-set that was repeated nobody would know which of the two took effect.
     */
    private static Pool pool(Consumer<PoolFactory> members) {
        @Nullable Pool known = PoolManager.find(POOL);
        if (known != null) {
            return known;
        }
        PoolFactory factory = PoolManager.createFactory()
                .setRetryAttempts(0)
                .setSocketBufferSize(SOCKET_BUFFER_BYTES)
                .setSubscriptionEnabled(true)
                .setSubscriptionRedundancy(1);
        members.accept(factory);
        return Failures.once(() -> factory.create(POOL));
    }

    private static void likeDefault(ClientCache cache, PoolFactory factory) {
        Pool given = cache.getDefaultPool();
        given.getLocators().forEach(locator -> factory.addLocator(locator.getHostString(), locator.getPort()));
        given.getServers().forEach(server -> factory.addServer(server.getHostString(), server.getPort()));
    }

    /** The commands of gfsh that make what a store needs, for who may not let it do so itself. */
    public static String script(GeodeOptions options) {
        return Preparation.script(options);
    }

    /** The same as elements of a {@code cache.xml}. */
    public static String cacheXml(GeodeOptions options) {
        return Preparation.cacheXml(options);
    }
}
