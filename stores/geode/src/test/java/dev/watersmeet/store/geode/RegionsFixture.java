package dev.watersmeet.store.geode;

import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.ClockedFixture;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Regions for one test, which are cleared after it. */
final class RegionsFixture extends ClockedFixture {
    /** What the names of regions begin with that are empty. A test may need two at a time. */
    static final List<String> PREFIXES = List.of("kit1", "kit2");

    private static final Deque<String> FREE = new ConcurrentLinkedDeque<>(PREFIXES);

    private final GeodeOptions options;

    RegionsFixture(GeodeOptions options) {
        this.options = options.withRegions(FREE.remove());
    }

    @Override
    public Store open() {
        return GeodeStore.open(Cluster.cache(), options, this::millis);
    }

    Store openWithoutFunctions() {
        return GeodeStore.open(Cluster.cache(), options.usingFunctions(false), this::millis);
    }

    /** What the names of the regions begin with. */
    String prefix() {
        return options.regions();
    }

    @Override
    public void close() {
        Cluster.clear(options);
        FREE.add(options.regions());
    }
}
