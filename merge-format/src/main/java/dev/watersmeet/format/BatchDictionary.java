package dev.watersmeet.format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A dictionary of a batch while it is written (M-29). Where an entry stands in it is known when all have been added. */
final class BatchDictionary<K extends Comparable<K>> {
    private final Map<K, Entry<K>> entries = new HashMap<>();

    /** An entry, with its place from {@link #ordered()} on. */
    static final class Entry<K> {
        private final K key;
        private int index = -1;

        private Entry(K key) {
            this.key = key;
        }

        int index() {
            return index;
        }
    }

    /** The entry of a key. */
    Entry<K> add(K key) {
        return entries.computeIfAbsent(key, Entry::new);
    }

    /** The keys in ascending order. */
    List<K> ordered() {
        List<Entry<K>> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparing(entry -> entry.key));
        List<K> keys = new ArrayList<>(sorted.size());
        for (Entry<K> entry : sorted) {
            entry.index = keys.size();
            keys.add(entry.key);
        }
        return keys;
    }
}
