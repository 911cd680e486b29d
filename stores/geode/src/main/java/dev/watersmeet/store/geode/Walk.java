package dev.watersmeet.store.geode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.geode.cache.Region;
import org.jspecify.annotations.Nullable;

/** Goes through documents in the order of their keys, and reads some ahead, as many as are not many bytes. For one thread. */
final class Walk {
    private static final int MAX_KEYS = 1000;
    private static final int FIRST_READ = 32;
    private static final int MAX_READ = 500;
    private static final long READ_BYTES = 2L << 20;

    private final Region<String, byte[]> region;
    private final KeyRanges ranges;
    private final String before;
    private final Deque<String> keys = new ArrayDeque<>();
    private final Deque<Item> items = new ArrayDeque<>();
    private String after;
    private int wanted = FIRST_READ;
    private boolean ended;

    /**
     * A document.
     *
     * @param key of its entry
     * @param stored what it holds, which is not nothing
     */
    record Item(String key, Documents.Stored stored) {}

    /**
     * Begins to go.
     *
     * @param after the key that comes before the first one
     * @param before the key that comes behind the last one
     */
    Walk(Region<String, byte[]> region, KeyRanges ranges, String after, String before) {
        this.region = region;
        this.ranges = ranges;
        this.after = after;
        this.before = before;
    }

    /** The next document; null if there is none. Those that only fence are passed by. */
    @Nullable
    Item next() {
        while (items.isEmpty()) {
            if (keys.isEmpty() && !findKeys()) {
                return null;
            }
            read();
        }
        return items.remove();
    }

    private boolean findKeys() {
        if (!ended) {
            List<String> found = ranges.between(region, after, before, MAX_KEYS);
            ended = found.size() < MAX_KEYS;
            if (!found.isEmpty()) {
                after = found.get(found.size() - 1);
                keys.addAll(found);
            }
        }
        return !keys.isEmpty();
    }

    private void read() {
        List<String> part = new ArrayList<>(wanted);
        while (part.size() < wanted && !keys.isEmpty()) {
            part.add(keys.remove());
        }
        Map<String, byte[]> read = Failures.repeating(() -> region.getAll(part));
        long bytes = 1;
        for (String key : part) {
            byte @Nullable [] stored = read.get(key);
            if (stored != null && !Documents.isEmpty(stored)) {
                items.add(new Item(key, Documents.parse(stored)));
                bytes += stored.length;
            }
        }
        wanted = (int) Math.max(1, Math.min(MAX_READ, READ_BYTES * part.size() / bytes));
    }
}
