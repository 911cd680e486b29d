package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.watersmeet.crdt.laws.ReplicatedContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LwwMapTest extends ReplicatedContract<LwwMap<String, Integer>, LwwMap.Delta<String, Integer>>
        implements ReplicatedTypeAlone<LwwMap<String, Integer>, LwwMap.Delta<String, Integer>> {
    private static final List<String> KEYS = List.of("eggs", "milk", "salt");

    private final LwwMap<String, Integer> a = LwwMap.of(clock(2000, 1));
    private final LwwMap<String, Integer> behind = LwwMap.of(clock(1000, 2));

    private static HybridLogicalClock clock(long millis, long replica) {
        return HybridLogicalClock.of(() -> millis, new ReplicaId(replica));
    }

    @Override
    public LwwMap<String, Integer> create(HybridLogicalClock clock) {
        return LwwMap.of(clock);
    }

    @Override
    public LwwMap<String, Integer> create(HybridLogicalClock clock, LwwMap.Delta<String, Integer> snapshot) {
        return LwwMap.of(clock, snapshot);
    }

    @Override
    public LwwMap.Delta<String, Integer> change(LwwMap<String, Integer> replica, int choice) {
        String key = KEYS.get(choice % KEYS.size());
        return choice / KEYS.size() % 3 == 0 ? replica.remove(key) : replica.put(key, choice);
    }

    @Override
    public LwwMap.Delta<String, Integer> join(LwwMap.Delta<String, Integer> one, LwwMap.Delta<String, Integer> other) {
        return one.join(other);
    }

    @Override
    public LwwMap.Delta<String, Integer> rebuilt(LwwMap.Delta<String, Integer> delta) {
        return LwwMap.Delta.of(delta.assignments());
    }

    @Override
    public Object shown(LwwMap<String, Integer> replica) {
        assertThat(replica.entries())
                .hasSize(replica.size())
                .isEqualTo(replica.snapshot().entries());
        assertThat(KEYS)
                .filteredOn(replica::containsKey)
                .containsExactlyInAnyOrderElementsOf(replica.entries().keySet());
        assertThat(replica.entries())
                .allSatisfy((key, value) -> assertThat(replica.get(key)).contains(value));
        assertThat(replica.isEmpty()).isEqualTo(replica.size() == 0);
        return replica.entries();
    }

    @Override
    public boolean mergeAll(LwwMap<String, Integer> replica, LwwMap<String, Integer> other) {
        return replica.merge(other);
    }

    @Override
    public List<Stamp> stamps(LwwMap.Delta<String, Integer> delta) {
        return delta.assignments().values().stream().map(Assignment::stamp).toList();
    }

    @Test
    void theLatestAssignmentOfAKeyStands() {
        behind.put("milk", 1);
        behind.put("eggs", 6);
        a.put("milk", 2);
        a.merge(behind);
        behind.merge(a);
        assertThat(a.entries()).isEqualTo(Map.of("milk", 2, "eggs", 6));
        assertThat(behind.snapshot()).isEqualTo(a.snapshot());
    }

    @Test
    void theRemovalOfAKeyCompetesByItsStamp() {
        LwwMap.Delta<String, Integer> early = behind.put("milk", 1);
        a.merge(early);
        LwwMap.Delta<String, Integer> removal = a.remove("milk");
        behind.put("milk", 2);
        behind.merge(removal);
        assertThat(behind.containsKey("milk")).isFalse();
        assertThat(behind.get("milk")).isEmpty();
        assertThat(behind.isEmpty()).isTrue();
        behind.put("milk", 3);
        assertThat(behind.get("milk")).contains(3);
    }

    @Test
    void aRemovalThatOvertakesItsAssignmentStillRemoves() {
        LwwMap.Delta<String, Integer> assignment = a.put("milk", 1);
        behind.merge(a.remove("milk"));
        assertThat(behind.merge(assignment)).isFalse();
        assertThat(behind.size()).isZero();
    }

    @Test
    void removingWhatIsAbsentIsNoChange() {
        assertThat(a.remove("milk")).isEqualTo(LwwMap.Delta.empty());
        assertThat(a.snapshot().isEmpty()).isTrue();
    }

    @Test
    void whatIsHandedOutCannotBeChanged() {
        LwwMap.Delta<String, Integer> delta = a.put("milk", 1);
        a.put("milk", 2);
        assertThat(delta.entries()).isEqualTo(Map.of("milk", 1)).isUnmodifiable();
        assertThat(a.snapshot().assignments()).isUnmodifiable();
        assertThat(a.entries()).isUnmodifiable();
        assertThat(a).hasToString("{milk=2}");
    }

    @Test
    void refusesTwoValuesOfOneStamp() {
        Assignment<Integer> one = a.put("milk", 1).assignments().get("milk");
        assertThat(one).isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> a.merge(LwwMap.Delta.of(Map.of("milk", new Assignment<>(one.stamp(), 2)))));
        assertThat(a.get("milk")).contains(1);
    }

    @Test
    @SuppressWarnings("NullAway") // what the compiler refuses, as callers without it might call it
    void refusesNull() {
        assertThatNullPointerException().isThrownBy(() -> a.put(null, 1));
        assertThatNullPointerException().isThrownBy(() -> a.put("milk", null));
        assertThatNullPointerException().isThrownBy(() -> a.get(null));
        assertThatNullPointerException().isThrownBy(() -> a.remove(null));
    }
}
