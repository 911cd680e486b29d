package dev.watersmeet.store.geode;

import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.apache.geode.cache.Region;
import org.apache.geode.cache.client.Pool;
import org.apache.geode.cache.query.QueryException;
import org.apache.geode.cache.query.QueryService;
import org.apache.geode.cache.query.SelectResults;

/** Finds keys of regions by queries; where a region has an index on its keys, without looking at all of them. Thread-safe. */
final class KeyRanges {
    private static final int CHUNK = 1000;

    private final QueryService queries;

    KeyRanges(Pool pool) {
        queries = pool.getQueryService();
    }

    /** Keys between two, in their order. */
    List<String> between(Region<String, byte[]> region, String after, String before, int limit) {
        List<String> keys = new ArrayList<>(this.<String>run(
                "SELECT DISTINCT e.key FROM " + region.getFullPath()
                        + ".entries e WHERE e.key > $1 AND e.key < $2 ORDER BY e.key LIMIT " + limit,
                after,
                before));
        keys.sort(null);
        return keys;
    }

    /** How many keys begin with a prefix. */
    long count(Region<String, byte[]> region, String prefix) {
        Collection<Number> counted = run(
                "SELECT COUNT(*) FROM " + region.getFullPath() + ".entries e WHERE e.key > $1 AND e.key < $2",
                prefix,
                Keys.behind(prefix));
        return counted.stream().mapToLong(Number::longValue).sum();
    }

    /** Visits all keys that begin with a prefix, some at a time. */
    void forEach(Region<String, byte[]> region, String prefix, Consumer<List<String>> action) {
        String after = prefix;
        List<String> keys;
        do {
            keys = between(region, after, Keys.behind(prefix), CHUNK);
            if (!keys.isEmpty()) {
                action.accept(keys);
                after = keys.get(keys.size() - 1);
            }
        } while (keys.size() == CHUNK);
    }

    /** Removes all entries whose keys begin with a prefix. */
    void removeAll(Region<String, byte[]> region, String prefix) {
        forEach(
                region,
                prefix,
                keys -> Failures.repeating(() -> {
                    region.removeAll(keys);
                    return keys;
                }));
    }

    @SuppressWarnings("unchecked") // a query says of what type its results are
    private <T> Collection<T> run(String query, Object... parameters) {
        return Failures.repeating(() -> {
            try {
                return (SelectResults<T>) queries.newQuery(query).execute(parameters);
            } catch (QueryException e) {
                throw new StoreException(
                        StoreException.Kind.UNAVAILABLE,
                        "Geode does not answer a query as it should: " + e.getMessage(),
                        e);
            }
        });
    }
}
