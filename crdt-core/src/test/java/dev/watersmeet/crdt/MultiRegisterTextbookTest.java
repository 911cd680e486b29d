package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.laws.TextbookContract;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The register shows what the textbook's does, which has a version vector for each value. */
class MultiRegisterTextbookTest
        extends TextbookContract<
                MultiRegister<String>, MultiRegister.Delta<String>, Set<MultiRegisterTextbookTest.Versioned>>
        implements ReplicatedTypeAlone<MultiRegister<String>, MultiRegister.Delta<String>> {
    private static final List<String> VALUES = List.of("eggs", "milk", "salt");

    /** A value that was assigned, or that all were taken away, and by writer the number of assignments that were seen, this one included. */
    record Versioned(Optional<String> value, Map<Integer, Integer> vector) {
        boolean isBelow(Versioned other) {
            return !vector.equals(other.vector)
                    && vector.entrySet().stream()
                            .allMatch(seen -> seen.getValue() <= other.vector.getOrDefault(seen.getKey(), 0));
        }
    }

    @Override
    public MultiRegister<String> create(HybridLogicalClock clock) {
        return MultiRegister.of(clock);
    }

    @Override
    public boolean mergeAll(MultiRegister<String> replica, MultiRegister<String> other) {
        return replica.merge(other);
    }

    @Override
    public Set<Versioned> none() {
        return Set.of();
    }

    @Override
    public Set<Versioned> merged(Set<Versioned> one, Set<Versioned> other) {
        Set<Versioned> all = new HashSet<>(one);
        all.addAll(other);
        return all.stream()
                .filter(versioned -> all.stream().noneMatch(versioned::isBelow))
                .collect(Collectors.toSet());
    }

    @Override
    public Change<MultiRegister.Delta<String>, Set<Versioned>> change(
            MultiRegister<String> replica, Set<Versioned> model, int writer, int choice, int tag) {
        Map<Integer, Integer> vector = new HashMap<>();
        model.forEach(seen -> seen.vector.forEach((by, number) -> vector.merge(by, number, Math::max)));
        vector.merge(writer, 1, Integer::sum);
        if (choice % 5 == 4 && model.stream().allMatch(seen -> seen.value.isEmpty())) {
            return new Change<>(
                    replica.clear(), none()); // where nothing stands, nothing is taken away, and nobody hears of it
        }
        if (choice % 5 == 4) {
            return new Change<>(replica.clear(), Set.of(new Versioned(Optional.empty(), vector)));
        }
        String value = VALUES.get(choice % VALUES.size());
        return new Change<>(replica.assign(value), Set.of(new Versioned(Optional.of(value), vector)));
    }

    @Override
    public void assertShowsTheSame(MultiRegister<String> replica, Set<Versioned> model) {
        assertThat(replica.values())
                .containsExactlyInAnyOrderElementsOf(model.stream()
                        .flatMap(versioned -> versioned.value.stream())
                        .collect(Collectors.toSet()));
    }
}
