package dev.watersmeet.store.geode.function;

import java.util.Set;
import org.apache.geode.cache.Declarable;
import org.apache.geode.cache.Region;
import org.apache.geode.cache.execute.Function;
import org.apache.geode.cache.execute.FunctionContext;
import org.apache.geode.cache.execute.RegionFunctionContext;
import org.jspecify.annotations.Nullable;

/**
 * Joins changes to entries of a partitioned region, on the servers that have their first copies. Runs on a region, with the changes as its filter. It answers how many
 * of the entries it has looked at. Running it again, as Geode does when a server fails, changes nothing more.
 */
public final class JoinFunction implements Function<Void>, Declarable {
    /** What it is called. */
    public static final String ID = "watersmeet-join";

    private static final long serialVersionUID = 1L;

    /** For Geode, which makes it by its name. */
    public JoinFunction() {}

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public boolean optimizeForWrite() {
        return true;
    }

    @Override
    public boolean isHA() {
        return true;
    }

    @Override
    public void execute(FunctionContext<Void> context) {
        RegionFunctionContext here = (RegionFunctionContext) context;
        Region<String, byte[]> region = here.getDataSet();
        Set<?> changes = here.getFilter();
        for (Object each : changes) {
            Change change = (Change) each;
            join(region, change.key(), region.get(change.key()), change.layers());
        }
        context.<Integer>getResultSender().lastResult(changes.size());
    }

    /**
     * Joins a change to an entry, by compare-and-set, as often as others are faster.
     *
     * @param seen what the entry was last seen to hold; null for nothing
     */
    public static void join(Region<String, byte[]> region, String key, byte @Nullable [] seen, byte[] change) {
        byte @Nullable [] stored = seen;
        while (true) {
            byte[] joined = Layers.join(stored, change);
            if (joined == stored) {
                return;
            }
            if (stored == null) {
                stored = region.putIfAbsent(key, joined);
                if (stored == null) {
                    return;
                }
            } else if (region.replace(key, stored, joined)) {
                return;
            } else {
                stored = region.get(key);
            }
        }
    }
}
