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

class StampTableTest {
    private static final ReplicaId REPLICA = new ReplicaId(7);

    /** A key whose hash is chosen: few hashes make long searches. */
    private record Key(int number, int hash) {
        @Override
        public int hashCode() {
            return hash;
        }
    }

    private record Step(Key key, boolean removes, long time) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Key> keys = Combinators.combine(
                        Arbitraries.integers().between(0, 60),
                        Arbitraries.of(1, 2, 3, 17, 100, 1_000_000, Integer.MIN_VALUE))
                .as((number, spread) -> new Key(number, number % spread * spread));
        return Combinators.combine(keys, Arbitraries.of(false, false, true), Arbitraries.longs())
                .as(Step::new)
                .list()
                .ofMaxSize(300);
    }

    @Property
    void holdsWhatAHashMapHolds(@ForAll("steps") List<Step> steps) {
        StampTable<Key> table = new StampTable<>(0);
        Map<Key, Long> expected = new HashMap<>();
        for (Step step : steps) {
            apply(step, table);
            if (step.removes) {
                expected.remove(step.key);
            } else {
                expected.put(step.key, step.time);
            }
            assertThat(contents(table)).isEqualTo(expected);
        }
        assertThat(contents(table.copy())).isEqualTo(expected);
        assertThat(table.copy()).isEqualTo(table).hasSameHashCodeAs(table);
        table.clear();
        assertThat(table.size()).isZero();
        steps.forEach(step -> assertThat(find(table, step.key)).isNegative());
    }

    @Property
    void aCopyIsOnItsOwn(@ForAll("steps") List<Step> before, @ForAll("steps") List<Step> after) {
        StampTable<Key> table = new StampTable<>(0);
        before.forEach(step -> apply(step, table));
        Map<Key, Long> expected = contents(table);
        StampTable<Key> copy = table.copy();
        after.forEach(step -> apply(step, copy));
        assertThat(contents(table)).isEqualTo(expected);
    }

    private static void apply(Step step, StampTable<Key> table) {
        int entry = find(table, step.key);
        if (step.removes) {
            if (entry >= 0) {
                table.remove(entry);
            }
        } else if (entry < 0) {
            table.add(step.key, StampTable.hash(step.key), step.time, REPLICA, null);
        } else {
            table.set(entry, step.time, REPLICA, null);
        }
    }

    private static int find(StampTable<Key> table, Key key) {
        return table.find(key, StampTable.hash(key));
    }

    /** What can be found; the entries and what leads to them have to agree. */
    private static Map<Key, Long> contents(StampTable<Key> table) {
        Map<Key, Long> contents = new HashMap<>();
        for (int entry = 0; entry < table.size(); entry++) {
            Key key = table.key(entry);
            assertThat(table.find(new Key(key.number, key.hash), table.hash(entry)))
                    .isEqualTo(entry);
            contents.put(key, table.time(entry));
        }
        assertThat(contents).hasSize(table.size());
        return contents;
    }
}
