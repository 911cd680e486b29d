package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StampTableTest {
    /** A key whose hash is chosen: few hashes make long searches. */
    private record Key(int number, int hash) {
        @Override
        public int hashCode() {
            return hash;
        }
    }

    private record Entry(long time, ReplicaId replica, @Nullable String content) {}

    private record Step(Key key, boolean removes, Entry entry) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Key> keys = Combinators.combine(
                        Arbitraries.integers().between(0, 60),
                        Arbitraries.of(1, 2, 3, 17, 100, 1_000_000, Integer.MIN_VALUE))
                .as((number, spread) -> new Key(number, number % spread * spread));
        Arbitrary<Entry> entries = Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.of(new ReplicaId(1), new ReplicaId(2)),
                        Arbitraries.of("a", "b").injectNull(0.3))
                .as(Entry::new);
        return Combinators.combine(keys, Arbitraries.of(false, false, true), entries)
                .as(Step::new)
                .list()
                .ofMaxSize(300);
    }

    @Property
    void holdsWhatAHashMapHolds(@ForAll("steps") List<Step> steps, @ForAll @IntRange(max = 2) int capacity) {
        StampTable<Key> table = new StampTable<>(capacity);
        Map<Key, Entry> expected = new HashMap<>();
        for (Step step : steps) {
            apply(step, table);
            if (step.removes) {
                expected.remove(step.key);
            } else {
                expected.put(step.key, step.entry);
            }
            assertThat(contents(table)).isEqualTo(expected);
        }
        assertThat(contents(table.copy())).isEqualTo(expected);
        table.clear();
        assertThat(table.size()).isZero();
        steps.forEach(step -> assertThat(find(table, step.key)).isNegative());
    }

    @Property
    void aCopyIsOnItsOwn(@ForAll("steps") List<Step> before, @ForAll("steps") List<Step> after) {
        StampTable<Key> table = filled(before);
        Map<Key, Entry> expected = contents(table);
        StampTable<Key> copy = table.copy();
        after.forEach(step -> apply(step, copy));
        assertThat(contents(table)).isEqualTo(expected);
    }

    @Property
    void tablesAreEqualIfTheirEntriesAre(@ForAll("steps") List<Step> some, @ForAll("steps") List<Step> others) {
        StampTable<Key> one = filled(some);
        StampTable<Key> other = filled(others);
        assertThat(one.equals(other)).isEqualTo(contents(one).equals(contents(other)));
        StampTable<Key> reversed = new StampTable<>(0);
        for (int entry = one.size() - 1; entry >= 0; entry--) {
            reversed.addFrom(one, entry);
        }
        assertThat(reversed).isEqualTo(one).hasSameHashCodeAs(one);
    }

    @Test
    void aTableOfOneEntryGrows() {
        StampTable<String> table = new StampTable<>("a", StampTable.hashOf("a"), 1, new ReplicaId(1), null);
        table.add("b", StampTable.hashOf("b"), 2, new ReplicaId(2), "content");
        assertThat(table.find("a", StampTable.hashOf("a"))).isZero();
        assertThat(table.stamp(table.find("b", StampTable.hashOf("b")))).isEqualTo(new Stamp(2, new ReplicaId(2)));
    }

    @Test
    void moreThanAMillionEntriesAreFound() {
        int size = (1 << 20) + 100_000;
        StampTable<Integer> table = new StampTable<>(0);
        for (int key = 0; key < size; key++) {
            table.add(key, StampTable.hashOf(key), key, new ReplicaId(1), null);
        }
        for (int key = 0; key < size; key += 3) {
            table.remove(table.find(key, StampTable.hashOf(key)));
        }
        for (int key = 0; key < size; key++) {
            int entry = table.find(key, StampTable.hashOf(key));
            assertThat(entry < 0).isEqualTo(key % 3 == 0);
            if (entry >= 0) {
                assertThat(table.time(entry)).isEqualTo(key);
            }
        }
    }

    private static StampTable<Key> filled(List<Step> steps) {
        StampTable<Key> table = new StampTable<>(0);
        steps.forEach(step -> apply(step, table));
        return table;
    }

    private static void apply(Step step, StampTable<Key> table) {
        int entry = find(table, step.key);
        Entry to = step.entry;
        if (step.removes) {
            if (entry >= 0) {
                table.remove(entry);
            }
        } else if (entry < 0) {
            table.add(step.key, StampTable.hashOf(step.key), to.time, to.replica, to.content);
        } else {
            table.set(entry, to.time, to.replica, to.content);
        }
    }

    private static int find(StampTable<Key> table, Key key) {
        return table.find(key, StampTable.hashOf(key));
    }

    /** What can be found; the entries and what leads to them have to agree. */
    private static Map<Key, Entry> contents(StampTable<Key> table) {
        Map<Key, Entry> contents = new HashMap<>();
        for (int entry = 0; entry < table.size(); entry++) {
            Key key = table.key(entry);
            assertThat(table.find(new Key(key.number, key.hash), table.hash(entry)))
                    .isEqualTo(entry);
            contents.put(key, new Entry(table.time(entry), table.replica(entry), (String) table.content(entry)));
        }
        assertThat(contents).hasSize(table.size());
        return contents;
    }
}
