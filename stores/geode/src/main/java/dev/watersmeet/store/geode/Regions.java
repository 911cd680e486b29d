package dev.watersmeet.store.geode;

import dev.watersmeet.store.geode.function.StoreRegions;
import java.util.List;
import java.util.Objects;
import org.apache.geode.cache.Region;
import org.apache.geode.cache.client.ClientCache;
import org.apache.geode.cache.client.ClientRegionShortcut;
import org.apache.geode.cache.client.Pool;

/**
 * The regions of a store, as a client of the cluster reaches them: nothing of them is kept here.
 *
 * @param cache whose regions they are
 * @param pool the way to the cluster
 * @param control the control record of each space
 * @param record the other records, the pages of purges, and the names of logs
 * @param entry the entries of logs
 * @param tip how far logs are complete
 * @param cell documents
 */
record Regions(
        ClientCache cache,
        Pool pool,
        Region<String, byte[]> control,
        Region<String, byte[]> record,
        Region<String, byte[]> entry,
        Region<String, byte[]> tip,
        Region<String, byte[]> cell) {

    /** The regions with a prefix; stores of one cache share them. */
    static Regions of(ClientCache cache, Pool pool, String prefix) {
        return new Regions(
                cache,
                pool,
                region(cache, pool, prefix, StoreRegions.CONTROL),
                region(cache, pool, prefix, StoreRegions.RECORD),
                region(cache, pool, prefix, StoreRegions.ENTRY),
                region(cache, pool, prefix, StoreRegions.TIP),
                region(cache, pool, prefix, StoreRegions.CELL));
    }

    private static Region<String, byte[]> region(ClientCache cache, Pool pool, String prefix, String kind) {
        String name = StoreRegions.name(prefix, kind);
        Region<String, byte[]> known = cache.getRegion(name);
        return Objects.requireNonNullElseGet(
                known, () -> cache.<String, byte[]>createClientRegionFactory(ClientRegionShortcut.PROXY)
                        .setPoolName(pool.getName())
                        .create(name));
    }

    /** All of them. */
    List<Region<String, byte[]>> all() {
        return List.of(control, record, entry, tip, cell);
    }

    /** Whether Geode keeps what it has to tell this client while that is cut off. */
    boolean durable() {
        return !cache.getDistributedSystem()
                .getProperties()
                .getProperty("durable-client-id", "")
                .isEmpty();
    }

    /** Says that what was kept may be told. */
    void readyForEvents() {
        if (durable()) {
            cache.readyForEvents();
        }
    }
}
