package dev.watersmeet.store.geode;

import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.geode.function.RegionsFunction;
import dev.watersmeet.store.geode.function.StoreRegions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.apache.geode.GemFireException;
import org.apache.geode.cache.Region;
import org.apache.geode.cache.RegionDestroyedException;
import org.apache.geode.cache.execute.FunctionException;
import org.apache.geode.cache.execute.FunctionService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees that the regions are there, and are what they have to be: when a store is opened, and when a server has come that may lack those that the store has created. Closing it ends its thread. */
final class Preparation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    private final Regions regions;
    private final GeodeOptions options;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "watersmeet-geode-regions");
        thread.setDaemon(true);
        return thread;
    });
    private boolean deployed;

    Preparation(Regions regions, GeodeOptions options) {
        this.regions = regions;
        this.options = options;
    }

    /**
     * Prepares the regions.
     *
     * @throws StoreException of kind {@code UNUSABLE} if something is not as it has to be; the message says what to do
     */
    Preparation run() {
        deployed = options.useFunctions() && Failures.repeating(this::isDeployed);
        create();
        requireAll();
        if (deployed) {
            call(RegionsFunction.LOOK).forEach(this::check);
        }
        return this;
    }

    /** Whether the store's functions are deployed to all servers, and to be used. */
    boolean deployed() {
        return deployed;
    }

    private void create() {
        if (deployed && options.createRegions()) {
            call(RegionsFunction.CREATE);
            call(RegionsFunction.INDEX);
        }
    }

    /** Creates the regions on a server that has come. */
    void serverJoined() {
        if (deployed && options.createRegions()) {
            thread.execute(this::createAgain);
        }
    }

    private void createAgain() {
        try {
            Failures.repeating(() -> {
                create();
                return this;
            });
        } catch (StoreException e) {
            LOG.warn("regions were not created on a server that has come; the next one to come gives another try", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private boolean isDeployed() {
        try {
            call(RegionsFunction.LOOK);
            return true;
        } catch (FunctionException e) {
            if (Joins.isMissing(e)) {
                return false;
            }
            throw e;
        }
    }

    /** What each server has. */
    @SuppressWarnings("unchecked") // Geode does not say of what type an execution's arguments are
    private List<Map<String, String>> call(String what) {
        return (List<Map<String, String>>) FunctionService.onServers(regions.pool())
                .setArguments(new String[] {options.regions(), what})
                .execute(RegionsFunction.ID)
                .getResult();
    }

    private void requireAll() {
        List<String> missing = new ArrayList<>();
        for (Region<String, byte[]> region : regions.all()) {
            Failures.repeating(() -> {
                try {
                    return region.get("");
                } catch (GemFireException e) {
                    if (Failures.find(e, RegionDestroyedException.class) == null) {
                        throw e;
                    }
                    missing.add(region.getName());
                    return null;
                }
            });
        }
        if (!missing.isEmpty()) {
            throw unusable(
                    "Geode lacks the regions " + String.join(", ", missing) + "; run in gfsh:\n" + script(options));
        }
    }

    private void check(Map<String, String> found) {
        found.forEach((name, what) -> {
            if (!what.startsWith("partitioned") || what.endsWith("not persistent")) {
                throw unusable("region " + name + " is " + what
                        + ", and has to be partitioned and persistent; export its data, destroy it, and run in gfsh:\n"
                        + script(options));
            }
            if (what.contains("copies: 0")) {
                LOG.warn(
                        "region {} has no redundant copy: while a server of Geode is down, its part of the data cannot be reached",
                        name);
            }
        });
    }

    private static StoreException unusable(String message) {
        return new StoreException(StoreException.Kind.UNUSABLE, message);
    }

    /** The commands of gfsh that make what a store needs. */
    static String script(GeodeOptions options) {
        String regions = StoreRegions.names(options.regions()).stream()
                .map(name -> "create region --name=" + name + " --type=PARTITION_REDUNDANT_PERSISTENT\n")
                .collect(Collectors.joining());
        String indexes = StoreRegions.indexed(options.regions()).stream()
                .map(name -> "create index --name=" + StoreRegions.index(name) + " --expression=e.key --region=\"/"
                        + name + ".entries e\"\n")
                .collect(Collectors.joining());
        return regions + indexes;
    }

    /** The same as elements of a {@code cache.xml}. */
    static String cacheXml(GeodeOptions options) {
        return StoreRegions.names(options.regions()).stream()
                .map(name -> StoreRegions.indexed(options.regions()).contains(name)
                        ? """
                        <region name="%s" refid="PARTITION_REDUNDANT_PERSISTENT">
                          <index name="%s" from-clause="/%s.entries e" expression="e.key"/>
                        </region>
                        """
                                .formatted(name, StoreRegions.index(name), name)
                        : """
                        <region name="%s" refid="PARTITION_REDUNDANT_PERSISTENT"/>
                        """
                                .formatted(name))
                .collect(Collectors.joining());
    }
}
