package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.watersmeet.crdt.OrSet.Delta;
import dev.watersmeet.crdt.OrSet.Tag;
import dev.watersmeet.crdt.laws.JoinLaws;
import dev.watersmeet.crdt.laws.ReplicatedContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class OrSetTest extends ReplicatedContract<OrSet<String>, Delta<String>>
        implements ReplicatedTypeAlone<OrSet<String>, Delta<String>> {
    private static final List<String> ELEMENTS = List.of("eggs", "milk", "salt");

    private final OrSet<String> a = OrSet.of(clock(1));
    private final OrSet<String> b = OrSet.of(clock(-1));

    private static HybridLogicalClock clock(long replica) {
        return HybridLogicalClock.of(() -> 1000, new ReplicaId(replica));
    }

    @Override
    public OrSet<String> create(HybridLogicalClock clock) {
        return OrSet.of(clock);
    }

    @Override
    public OrSet<String> create(HybridLogicalClock clock, Delta<String> snapshot) {
        return OrSet.of(clock, snapshot);
    }

    @Override
    public Delta<String> change(OrSet<String> replica, int choice) {
        String element = ELEMENTS.get(choice % ELEMENTS.size());
        return switch (choice / ELEMENTS.size() % 5) {
            case 0, 1 -> replica.add(element);
            case 2 -> replica.remove(element);
            case 3 -> replica.addAll(ELEMENTS);
            default -> replica.removeAll(replica.elements());
        };
    }

    @Override
    public Delta<String> join(Delta<String> one, Delta<String> other) {
        return one.join(other);
    }

    @Override
    public Delta<String> rebuilt(Delta<String> delta) {
        return Delta.of(delta.tags());
    }

    @Override
    public Object shown(OrSet<String> replica) {
        assertThat(replica.elements())
                .hasSize(replica.size())
                .isEqualTo(replica.snapshot().elements());
        assertThat(ELEMENTS).filteredOn(replica::contains).containsExactlyInAnyOrderElementsOf(replica.elements());
        assertThat(replica.isEmpty()).isEqualTo(replica.size() == 0);
        return List.copyOf(replica.elements());
    }

    @Override
    public boolean mergeAll(OrSet<String> replica, OrSet<String> other) {
        return replica.merge(other);
    }

    @Override
    public List<Stamp> stamps(Delta<String> delta) {
        return delta.tags().stream().map(Tag::stamp).toList();
    }

    @Property
    void deltasOfAnyTagsObeyTheLawsOfAJoin(
            @ForAll("tags") Delta<String> one, @ForAll("tags") Delta<String> two, @ForAll("tags") Delta<String> three) {
        new JoinLaws<Delta<String>>(Delta::join).assertHold(one, two, three);
        assertThat(OrSet.of(clock(1), one).merge(two)).isEqualTo(!one.join(two).equals(one));
    }

    /** Tags that meet and tie as often as can be. */
    @Provide
    Arbitrary<Delta<String>> tags() {
        Arbitrary<Stamp> stamps = Combinators.combine(Arbitraries.of(1L, 2L, -1L), Arbitraries.of(1L, 2L, -1L))
                .as((time, replica) -> new Stamp(time, new ReplicaId(replica)));
        return Combinators.combine(Arbitraries.of(ELEMENTS), stamps, Arbitraries.of(true, false))
                .as(Tag::new)
                .list()
                .ofMaxSize(12)
                .map(Delta::of);
    }

    @Test
    void holdsWhatWasAddedAndNotRemoved() {
        a.add("milk");
        a.add("eggs");
        a.remove("milk");
        assertThat(a.elements()).containsExactly("eggs");
        assertThat(a.size()).isOne();
        assertThat(a.contains("milk")).isFalse();
        assertThat(a.contains("salt")).isFalse();
        assertThat(a).hasToString("[eggs]");
    }

    @Test
    void anElementThatWasRemovedCanBeAddedAgain() {
        Delta<String> first = a.add("milk");
        Delta<String> removal = a.remove("milk");
        Delta<String> second = a.add("milk");
        b.merge(second);
        b.merge(removal);
        b.merge(first);
        assertThat(b.contains("milk")).isTrue();
        assertThat(b.snapshot()).isEqualTo(a.snapshot());
    }

    @Test
    void aRemovalThatOvertakesItsAdditionStillRemoves() {
        Delta<String> addition = a.add("milk");
        Delta<String> removal = a.remove("milk");
        b.merge(removal);
        assertThat(b.merge(addition)).isFalse();
        assertThat(b.isEmpty()).isTrue();
    }

    @Test
    void anAdditionWinsOverAConcurrentRemoval() {
        b.merge(a.add("milk"));
        Delta<String> removal = b.remove("milk");
        Delta<String> renewal = a.add("milk");
        a.merge(removal);
        b.merge(renewal);
        assertThat(a.contains("milk")).isTrue();
        assertThat(b.contains("milk")).isTrue();
    }

    @Test
    void aRemovalTakesAwayOnlyTheAdditionsThatItSaw() {
        a.add("milk");
        Delta<String> removal = a.remove("milk");
        b.add("milk");
        b.merge(removal);
        assertThat(b.contains("milk")).isTrue();
        a.merge(b);
        assertThat(a.contains("milk")).isTrue();
    }

    @Test
    void aRemovalTakesAwayTheAdditionsOfEveryReplicaThatItSaw() {
        a.add("milk");
        b.add("milk");
        a.merge(b);
        assertThat(a.size()).isOne();
        b.merge(a.remove("milk"));
        assertThat(b.isEmpty()).isTrue();
        assertThat(b.snapshot().tags()).hasSize(2).allMatch(Tag::removed);
    }

    @Test
    void thereIsOneTagForEachElementAndReplicaHoweverOftenItIsAdded() {
        for (int i = 0; i < 100; i++) {
            a.add("milk");
            a.remove("milk");
        }
        assertThat(a.snapshot().tags()).hasSize(1);
    }

    @Test
    void manyReplicasMayAddTheSameElement() {
        for (int i = 0; i < 1000; i++) {
            a.merge(OrSet.<String>of(clock(i * 7919L % 1009)).add("milk"));
        }
        assertThat(a.snapshot().tags()).hasSize(1000);
        assertThat(a.size()).isOne();
        assertThat(a.remove("milk").tags()).hasSize(1000);
        assertThat(a.isEmpty()).isTrue();
    }

    @Test
    void anAdditionTellsOnlyOfItself() {
        a.addAll(ELEMENTS);
        Delta<String> delta = a.add("milk");
        assertThat(delta.tags())
                .containsExactly(new Tag<>("milk", new Stamp((1000L << 16) + 3, new ReplicaId(1)), false));
        assertThat(delta.elements()).containsExactly("milk");
    }

    @Test
    void removingWhatIsAbsentIsNoChange() {
        assertThat(a.remove("milk")).isEqualTo(Delta.empty());
        a.add("milk");
        a.remove("milk");
        assertThat(a.remove("milk").isEmpty()).isTrue();
    }

    @Test
    void elementsAreInTheOrderOfTheirAdditionsAtEveryReplica() {
        Delta<String> delta = a.addAll(List.of("salt", "eggs", "milk"));
        b.merge(delta);
        b.add("bread");
        b.add("salt"); // a renewal by another replica does not move it
        a.merge(b);
        assertThat(a.elements()).containsExactly("salt", "eggs", "milk", "bread");
        assertThat(List.copyOf(b.elements())).isEqualTo(List.copyOf(a.elements()));
    }

    @Test
    void elementsAreACopyThatCannotBeChanged() {
        a.add("milk");
        Set<String> elements = a.elements();
        a.remove("milk");
        assertThat(elements).containsExactly("milk").isUnmodifiable();
    }

    @Test
    void theTagsOfADeltaCannotBeChanged() {
        assertThat(a.add("milk").tags()).isUnmodifiable();
        List<Tag<String>> tags = new ArrayList<>(a.snapshot().tags());
        Delta<String> delta = Delta.of(tags);
        tags.clear();
        assertThat(delta.tags()).hasSize(1);
    }

    @Test
    @SuppressWarnings("NullAway") // what the compiler refuses, as callers without it might call it
    void refusesNull() {
        assertThatNullPointerException().isThrownBy(() -> a.add(null));
        assertThatNullPointerException().isThrownBy(() -> a.remove(null));
        assertThatNullPointerException().isThrownBy(() -> a.contains(null));
        assertThatNullPointerException().isThrownBy(() -> new Tag<>(null, new Stamp(1, new ReplicaId(1)), false));
        assertThatNullPointerException().isThrownBy(() -> OrSet.of(null));
        assertThat(a.snapshot()).isEqualTo(Delta.empty());
    }
}
