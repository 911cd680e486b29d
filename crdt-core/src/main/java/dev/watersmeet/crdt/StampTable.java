package dev.watersmeet.crdt;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A hash table from keys to stamped contents: what the states of all mergeable types are made of.
 *
 * <p>Entries lie in columns, in the order in which their keys came, and an open-addressing index of ints leads to them: nothing is allocated for an entry but its places in the columns,
 * a copy is a copy of arrays, and merging one table into another reads the other's columns from one end to the other. A slot of the index holds the number of its entry, from 1, and
 * above that as many bits of the key's hash as fit, so that few wrong keys are looked at. Few entries need no index: their hashes are compared one by one.
 *
 * <p>The layout is that of the ordered hash tables of Python (PEP 468 and Raymond Hettinger's "More compact dictionaries", 2012). Mutable and not thread-safe.
 *
 * @param <K> the keys, told apart by {@code equals}
 */
final class StampTable<K> {
    private static final int[] NO_INDEX = {};
    private static final Object[] NO_OBJECTS = {};
    private static final long[] NO_TIMES = {};
    private static final ReplicaId[] NO_REPLICAS = {};
    private static final int MAX_SLOTS = 1 << 30;
    private static final int UNINDEXED = 8; // entries that are searched one by one
    private static final int LEAST_GROWTH = 4;

    private int size;
    private int[] index;
    private @Nullable Object[] keys;
    private int[] hashes;
    private long[] times;
    private @Nullable ReplicaId[] replicas;
    private @Nullable Object[] contents;

    /** An empty table with room for some entries. */
    StampTable(int capacity) {
        index = NO_INDEX;
        keys = capacity == 0 ? NO_OBJECTS : new Object[capacity];
        hashes = capacity == 0 ? NO_INDEX : new int[capacity];
        times = capacity == 0 ? NO_TIMES : new long[capacity];
        replicas = capacity == 0 ? NO_REPLICAS : new ReplicaId[capacity];
        contents = capacity == 0 ? NO_OBJECTS : new Object[capacity];
    }

    /** A table of one entry. */
    StampTable(K key, int hash, long time, ReplicaId replica, @Nullable Object content) {
        size = 1;
        index = NO_INDEX;
        keys = new Object[] {key};
        hashes = new int[] {hash};
        times = new long[] {time};
        replicas = new ReplicaId[] {replica};
        contents = new Object[] {content};
    }

    private StampTable(StampTable<K> table) {
        size = table.size;
        index = table.index.clone();
        keys = Arrays.copyOf(table.keys, size);
        hashes = Arrays.copyOf(table.hashes, size);
        times = Arrays.copyOf(table.times, size);
        replicas = Arrays.copyOf(table.replicas, size);
        contents = Arrays.copyOf(table.contents, size);
    }

    /** A copy that changes on its own. */
    StampTable<K> copy() {
        return new StampTable<>(this);
    }

    /** The number of entries; they are numbered from 0. */
    int size() {
        return size;
    }

    @SuppressWarnings("unchecked") // only keys are put there
    K key(int entry) {
        return (K) present(keys[entry]);
    }

    /** The hash of an entry's key, as {@link #hashOf} makes it. */
    int hash(int entry) {
        return hashes[entry];
    }

    /** The time of an entry's stamp. */
    long time(int entry) {
        return times[entry];
    }

    /** The replica of an entry's stamp. */
    ReplicaId replica(int entry) {
        return present(replicas[entry]);
    }

    Stamp stamp(int entry) {
        return new Stamp(times[entry], replica(entry));
    }

    /** The greatest time of a stamp; 0 if there is none. */
    long latestTime() {
        long latest = 0;
        for (int entry = 0; entry < size; entry++) {
            latest = Long.compareUnsigned(times[entry], latest) > 0 ? times[entry] : latest;
        }
        return latest;
    }

    /** What an entry holds; what that means is its owner's affair. */
    @Nullable
    Object content(int entry) {
        return contents[entry];
    }

    @SuppressWarnings("NullAway") // entries have all but a content
    private static <T> T present(@Nullable T column) {
        return column;
    }

    /** The hash of a key, spread over all bits. Texts are hashed so that strangers cannot choose colliding ones; other keys by their own hash codes. */
    static int hashOf(Object key) {
        if (key instanceof String text) {
            return SipHash.of(text);
        }
        int hash = key.hashCode() * 0x9E3779B9; // 2^32 divided by the golden ratio
        return hash ^ (hash >>> 15);
    }

    /** The entry of a key, or -1. */
    int find(K key, int hash) {
        int[] slots = index;
        if (slots.length == 0) {
            return scan(key, hash);
        }
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (true) {
            int found = slots[slot];
            if (found == 0) {
                return -1;
            }
            if (((found ^ hash) & ~mask) == 0) {
                int entry = (found & mask) - 1;
                if (isKey(entry, key, hash)) {
                    return entry;
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    private int scan(K key, int hash) {
        for (int entry = 0; entry < size; entry++) {
            if (hashes[entry] == hash && isKey(entry, key, hash)) {
                return entry;
            }
        }
        return -1;
    }

    private boolean isKey(int entry, K key, int hash) {
        Object candidate = keys[entry];
        return candidate == key || (hashes[entry] == hash && key.equals(candidate));
    }

    /** How an entry's stamp compares with another (M-2). */
    int compareStamp(int entry, long time, ReplicaId replica) {
        int order = Long.compareUnsigned(times[entry], time);
        return order != 0 ? order : replica(entry).compareTo(replica);
    }

    /** Adds an entry for a key that has none. */
    void add(K key, int hash, long time, ReplicaId replica, @Nullable Object content) {
        if (size == keys.length) {
            resize(size + Math.max(LEAST_GROWTH, size / 4));
        }
        int entry = size++;
        keys[entry] = key;
        hashes[entry] = hash;
        set(entry, time, replica, content);
        if (size > capacity(index.length)) {
            reindex();
        } else if (index.length > 0) {
            enter(entry);
        }
    }

    /** Adds an entry of another table, for a key that has none here. */
    void addFrom(StampTable<K> table, int entry) {
        add(table.key(entry), table.hash(entry), table.time(entry), table.replica(entry), table.content(entry));
    }

    /** Changes an entry. */
    @SuppressWarnings(
            "ReferenceEquality") // only to leave out a store, which costs the garbage collector more than memory
    void set(int entry, long time, ReplicaId replica, @Nullable Object content) {
        times[entry] = time;
        if (replicas[entry] != replica) {
            replicas[entry] = replica;
        }
        contents[entry] = content;
    }

    /** Takes an entry out. The last entry takes its number. */
    void remove(int entry) {
        int last = --size;
        if (index.length > 0) {
            int slotOfLast = slot(last);
            index[slotOfLast] = 0;
            fill(slotOfLast);
            if (entry != last) {
                int slot = slot(entry);
                index[slot] = 0;
                fill(slot);
            }
        }
        if (entry != last) {
            keys[entry] = keys[last];
            hashes[entry] = hashes[last];
            set(entry, times[last], replica(last), contents[last]);
            if (index.length > 0) {
                enter(entry);
            }
        }
        keys[last] = null;
        replicas[last] = null;
        contents[last] = null;
    }

    /** The slot that leads to an entry. */
    private int slot(int entry) {
        int mask = index.length - 1;
        int slot = hashes[entry] & mask;
        while ((index[slot] & mask) != entry + 1) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Moves up what can no longer be reached because a slot was emptied (Knuth, The Art of Computer Programming, 6.4, algorithm R). */
    private void fill(int emptied) {
        int mask = index.length - 1;
        int hole = emptied;
        for (int slot = (hole + 1) & mask; index[slot] != 0; slot = (slot + 1) & mask) {
            int home = hashes[(index[slot] & mask) - 1] & mask;
            if (((slot - home) & mask) >= ((slot - hole) & mask)) {
                index[hole] = index[slot];
                index[slot] = 0;
                hole = slot;
            }
        }
    }

    /** Takes all entries out. */
    void clear() {
        Arrays.fill(keys, 0, size, null);
        Arrays.fill(replicas, 0, size, null);
        Arrays.fill(contents, 0, size, null);
        size = 0;
        index = NO_INDEX;
    }

    /** How many entries an index may lead to: the longest searches are still short when it is four fifths full. */
    private static int capacity(int slots) {
        return slots == 0 ? UNINDEXED : slots - slots / 5 - 1;
    }

    private void reindex() {
        if (index.length == MAX_SLOTS) {
            throw new IllegalStateException("a state has at most " + capacity(MAX_SLOTS) + " entries");
        }
        index = new int[Math.max(2 * UNINDEXED, 2 * index.length)];
        fillIndex();
    }

    private void fillIndex() {
        Arrays.fill(index, 0);
        for (int entry = 0; entry < size; entry++) {
            enter(entry);
        }
    }

    private void enter(int entry) {
        int mask = index.length - 1;
        int slot = hashes[entry] & mask;
        while (index[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        index[slot] = (hashes[entry] & ~mask) | (entry + 1);
    }

    private void resize(int capacity) {
        keys = Arrays.copyOf(keys, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        times = Arrays.copyOf(times, capacity);
        replicas = Arrays.copyOf(replicas, capacity);
        contents = Arrays.copyOf(contents, capacity);
    }

    /** Whether both have the same keys with the same stamps and contents, in whatever order. */
    @Override
    @SuppressWarnings("unchecked") // a key is only compared
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof StampTable<?> table && hasAll((StampTable<K>) table));
    }

    private boolean hasAll(StampTable<K> other) {
        if (size != other.size) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            int entry = find(other.key(i), other.hashes[i]);
            if (entry < 0
                    || compareStamp(entry, other.times[i], other.replica(i)) != 0
                    || !Objects.equals(contents[entry], other.contents[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int sum = size;
        for (int i = 0; i < size; i++) {
            sum += hashes[i] ^ Long.hashCode(times[i]);
        }
        return sum;
    }
}
