package dev.watersmeet.store.geode;

import static java.util.stream.Collectors.joining;

import dev.watersmeet.store.geode.function.JoinFunction;
import dev.watersmeet.store.geode.function.StoreRegions;
import dev.watersmeet.testing.forked.ForkedServer;
import dev.watersmeet.testing.geode.GeodeCluster;
import dev.watersmeet.testing.geode.GeodeSetup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.geode.cache.Region;
import org.apache.geode.cache.client.ClientCache;
import org.apache.geode.cache.client.ClientCacheFactory;
import org.jspecify.annotations.Nullable;

/** A locator and two servers that all tests of a run share, started when the first of them needs it. They end with the process. */
final class Cluster {
    private static @Nullable GeodeCluster cluster;
    private static @Nullable ClientCache cache;
    private static boolean failed;

    private Cluster() {}

    /** The cluster, with regions for the kit, and the functions. */
    static synchronized GeodeCluster cluster() {
        if (failed) {
            throw new IllegalStateException("the cluster did not start; see the first failure");
        }
        if (cluster == null) {
            failed = true;
            try {
                cluster = GeodeCluster.start(
                        Files.createTempDirectory("geode"),
                        GeodeSetup.of(2)
                                .withCache(regions() + GeodeSetup.FUNCTIONS)
                                .withClassPath(ForkedServer.classPathOf(JoinFunction.class)));
                failed = false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return cluster;
    }

    /** The client cache, of which a process has one. */
    static synchronized ClientCache cache() {
        if (cache == null) {
            String[] locator = cluster().locator().split(":", 2);
            cache = new ClientCacheFactory()
                    .addPoolLocator(locator[0], Integer.parseInt(locator[1]))
                    .set("log-level", "warning")
                    .create();
        }
        return cache;
    }

    private static String regions() {
        return Stream.concat(RegionsFixture.PREFIXES.stream(), Stream.of("told"))
                .map(prefix -> GeodeStore.cacheXml(GeodeOptions.defaults().withRegions(prefix)))
                .collect(joining());
    }

    /** Removes all entries of a store's regions. */
    static void clear(GeodeOptions options) {
        StoreRegions.names(options.regions()).forEach(name -> clear(cache().getRegion(name)));
    }

    private static <K> void clear(@Nullable Region<K, ?> region) {
        List<K> keys = region == null ? List.of() : new ArrayList<>(region.keySetOnServer());
        if (region != null && !keys.isEmpty()) {
            region.removeAll(keys);
        }
    }
}
