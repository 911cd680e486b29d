package dev.watersmeet.store.geode.function;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.geode.cache.Cache;
import org.apache.geode.cache.DataPolicy;
import org.apache.geode.cache.Declarable;
import org.apache.geode.cache.PartitionAttributes;
import org.apache.geode.cache.Region;
import org.apache.geode.cache.RegionExistsException;
import org.apache.geode.cache.RegionShortcut;
import org.apache.geode.cache.execute.Function;
import org.apache.geode.cache.execute.FunctionContext;
import org.apache.geode.cache.query.IndexExistsException;
import org.apache.geode.cache.query.IndexNameConflictException;
import org.apache.geode.cache.query.QueryException;
import org.apache.geode.cache.query.QueryService;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a store's regions on a server, and may create them. Runs on servers, with two arguments: the prefix of the regions' names, and one of {@link #LOOK}, {@link #CREATE} and {@link #INDEX}. It answers a map from the
 * names of regions to what they are, in words; no entry for those that are missing.
 */
public final class RegionsFunction implements Function<String[]>, Declarable {
    /** What it is called. */
    public static final String ID = "watersmeet-regions";
    /** To change nothing. */
    public static final String LOOK = "look";
    /** To create the regions that are missing: partitioned, with one redundant copy, and persistent. */
    public static final String CREATE = "create";
    /** To create the indexes that are missing. */
    public static final String INDEX = "index";

    private static final long serialVersionUID = 1L;

    /** For Geode, which makes it by its name. */
    public RegionsFunction() {}

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public boolean isHA() {
        return false;
    }

    @Override
    public void execute(FunctionContext<String[]> context) {
        String prefix = context.getArguments()[0];
        String what = context.getArguments()[1];
        Cache cache = context.getCache();
        HashMap<String, String> found = new HashMap<>();
        for (String name : StoreRegions.names(prefix)) {
            if (what.equals(CREATE) && cache.getRegion(name) == null) {
                create(cache, name);
            }
            @Nullable Region<?, ?> region = cache.getRegion(name);
            if (region != null) {
                found.put(name, describe(region));
            }
        }
        if (what.equals(INDEX)) {
            createIndexes(cache, StoreRegions.indexed(prefix), found);
        }
        context.<HashMap<String, String>>getResultSender().lastResult(found);
    }

    private static void create(Cache cache, String name) {
        try {
            cache.createRegionFactory(RegionShortcut.PARTITION_REDUNDANT_PERSISTENT)
                    .create(name);
        } catch (RegionExistsException e) {
            // Somebody else was faster.
        }
    }

    private static void createIndexes(Cache cache, List<String> regions, Map<String, String> found) {
        QueryService queries = cache.getQueryService();
        for (String name : regions) {
            @Nullable Region<?, ?> region = cache.getRegion(name);
            if (region != null && queries.getIndex(region, StoreRegions.index(name)) == null) {
                try {
                    queries.createIndex(StoreRegions.index(name), "e.key", "/" + name + ".entries e");
                } catch (IndexExistsException | IndexNameConflictException e) {
                    // Another server was faster, and has told this one.
                } catch (QueryException e) {
                    found.put(name, "no index: " + e.getMessage());
                }
            }
        }
    }

    /** What a region is: {@code partitioned, redundant copies: 1, persistent}, or other words. */
    private static String describe(Region<?, ?> region) {
        DataPolicy policy = region.getAttributes().getDataPolicy();
        @Nullable PartitionAttributes<?, ?> partitions = region.getAttributes().getPartitionAttributes();
        return (policy.withPartitioning() ? "partitioned" : "not partitioned")
                + ", redundant copies: " + (partitions == null ? 0 : partitions.getRedundantCopies())
                + (policy.withPersistence() ? ", persistent" : ", not persistent");
    }
}
