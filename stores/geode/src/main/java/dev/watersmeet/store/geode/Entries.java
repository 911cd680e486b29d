package dev.watersmeet.store.geode;

import dev.watersmeet.store.processlogs.SpaceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.geode.cache.Region;
import org.jspecify.annotations.Nullable;

/**
 * The entries of logs, each under its sequence. Which of a log's entries are annulled stands apart: an entry that is written twice, late, by Geode's own repetition stays annulled. Thread-safe.
 */
final class Entries {
    private static final int CHUNK = 500;
    private static final int MAX_PUT_BYTES = 1 << 20;
    private static final int FIRST_READ = 16;
    private static final int MAX_READ_BYTES = 4 << 20;

    private final Region<String, byte[]> region;
    private final Joins joins;

    Entries(Region<String, byte[]> region, Joins joins) {
        this.region = region;
        this.joins = joins;
    }

    void append(SpaceKey space, long log, long first, List<byte[]> bodies) {
        Map<String, byte[]> put = new HashMap<>();
        long bytes = 0;
        for (int i = 0; i < bodies.size(); i++) {
            byte[] body = bodies.get(i);
            if (!put.isEmpty() && bytes + body.length > MAX_PUT_BYTES) {
                putAll(put);
                put.clear();
                bytes = 0;
            }
            put.put(Keys.entry(space, log, first + i), body);
            bytes += body.length;
        }
        putAll(put);
    }

    private void putAll(Map<String, byte[]> entries) {
        Failures.repeating(() -> {
            if (entries.size() == 1) {
                entries.forEach(region::put);
            } else {
                region.putAll(entries);
            }
            return region;
        });
    }

    void annul(SpaceKey space, long log, long sequence) {
        joins.join(region, Map.of(Keys.annulled(space, log), Numbers.change(sequence, 1)));
    }

    /** Reads a few entries, and if they are small more at a time. */
    List<byte[]> read(SpaceKey space, long log, long after, int limit) {
        List<byte[]> found = new ArrayList<>();
        long bytes = 0;
        int wanted = Math.min(limit, FIRST_READ);
        while (wanted > 0 && bytes < MAX_READ_BYTES) {
            int before = found.size();
            bytes += readSome(space, log, after + before, wanted, found);
            if (found.size() < before + wanted) {
                return found;
            }
            long fitting = bytes == 0 ? limit : (MAX_READ_BYTES - bytes) * found.size() / bytes;
            wanted = (int) Math.min(Math.min(limit - found.size(), CHUNK), fitting);
        }
        return found;
    }

    /** Reads up to a hole. How many bytes it has found. */
    private long readSome(SpaceKey space, long log, long after, int wanted, List<byte[]> found) {
        String annulledKey = Keys.annulled(space, log);
        List<String> keys = new ArrayList<>(wanted + 1);
        keys.add(annulledKey);
        for (int i = 1; i <= wanted; i++) {
            keys.add(Keys.entry(space, log, after + i));
        }
        Map<String, byte[]> read = Failures.repeating(() -> region.getAll(keys));
        Set<Long> annulled = numbers(read.get(annulledKey));
        long bytes = 0;
        for (int i = 1; i <= wanted; i++) {
            boolean isAnnulled = annulled.contains(after + i);
            byte @Nullable [] entry = isAnnulled ? new byte[0] : read.get(keys.get(i));
            if (entry == null) {
                break;
            }
            found.add(entry);
            bytes += entry.length;
        }
        return bytes;
    }

    private static Set<Long> numbers(byte @Nullable [] stored) {
        return stored == null ? Set.of() : Numbers.parse(stored).keySet();
    }

    /** Deletes a log: some entries after the others, and some more, which somebody may have been about to write. */
    void delete(SpaceKey space, long log) {
        boolean written = true;
        for (long first = 1; written; first += CHUNK) {
            List<String> keys = new ArrayList<>(CHUNK);
            for (int i = 0; i < CHUNK; i++) {
                keys.add(Keys.entry(space, log, first + i));
            }
            written = Failures.repeating(() -> region.containsKeyOnServer(keys.get(0)));
            remove(keys);
        }
        remove(List.of(Keys.annulled(space, log)));
    }

    private void remove(List<String> keys) {
        Failures.repeating(() -> {
            region.removeAll(keys);
            return keys;
        });
    }
}
