package dev.watersmeet.store.geode.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class LayersTest {
    /** A change of a few parts of few names, so that they meet. */
    @Provide
    Arbitrary<byte[]> changes() {
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(2);
        Arbitrary<byte[]> layers = Combinators.combine(
                        Arbitraries.longs().between(1, 4),
                        Arbitraries.maps(bytes, bytes).ofMaxSize(5))
                .as((generation, parts) ->
                        Layers.layer(generation, sorted(parts).entrySet()));
        return Arbitraries.frequencyOf(
                Tuple.of(5, layers),
                Tuple.of(1, Arbitraries.longs().between(0, 3).map(Layers::drop)));
    }

    @Provide
    Arbitrary<List<byte[]>> histories() {
        return changes().list().ofMinSize(1).ofMaxSize(8);
    }

    private static Map<byte[], byte[]> sorted(Map<byte[], byte[]> parts) {
        TreeMap<byte[], byte[]> sorted = new TreeMap<>(Arrays::compareUnsigned);
        sorted.putAll(parts);
        return sorted;
    }

    private static byte[] joined(List<byte[]> changes) {
        return changes.stream().reduce(Layers::join).orElseThrow();
    }

    /** The state as a map says it, and nothing else. */
    private static Map<String, String> parts(byte[] state) {
        Map<String, String> parts = new TreeMap<>();
        Layers.forEach(
                state,
                (generation, name, value) ->
                        parts.put(generation + " " + Arrays.toString(name), Arrays.toString(value)));
        return parts;
    }

    @Property
    void orderDoesNotMatter(@ForAll("changes") byte[] a, @ForAll("changes") byte[] b) {
        assertThat(Layers.join(a, b)).isEqualTo(Layers.join(b, a));
    }

    @Property
    void groupingDoesNotMatter(@ForAll("changes") byte[] a, @ForAll("changes") byte[] b, @ForAll("changes") byte[] c) {
        assertThat(Layers.join(Layers.join(a, b), c)).isEqualTo(Layers.join(a, Layers.join(b, c)));
    }

    @Property
    void repetitionChangesNothingAndSaysSo(@ForAll("histories") List<byte[]> changes) {
        byte[] state = joined(changes);

        changes.forEach(change -> assertThat(Layers.join(state, change)).isSameAs(state));
    }

    @Property
    void theGreatestOfEachPartStaysAboveTheGreatestFloor(@ForAll("histories") List<byte[]> changes) {
        Map<String, byte[]> expected = new TreeMap<>();
        for (byte[] change : changes) {
            Layers.forEach(
                    change,
                    (generation, name, value) -> expected.merge(
                            generation + " " + Arrays.toString(name),
                            value,
                            (a, b) -> Arrays.compareUnsigned(a, b) >= 0 ? a : b));
        }
        for (long generation = 0; generation < 4; generation++) {
            if (dropped(changes, generation)) {
                long gone = generation;
                expected.keySet().removeIf(key -> Long.parseLong(key.substring(0, key.indexOf(' '))) <= gone);
            }
        }

        Map<String, String> shown = new TreeMap<>();
        expected.forEach((key, value) -> shown.put(key, Arrays.toString(value)));
        assertThat(parts(joined(changes))).isEqualTo(shown);
        assertThat(Layers.isEmpty(joined(changes))).isEqualTo(shown.isEmpty());
    }

    private static boolean dropped(List<byte[]> changes, long generation) {
        return changes.stream().anyMatch(change -> Arrays.equals(change, Layers.drop(generation)));
    }

    @Test
    void whatWasDroppedStaysAwayHoweverLateItComes() {
        byte[] late = Layers.layer(1, Map.of(new byte[] {1}, new byte[] {1}).entrySet());
        byte[] later = Layers.layer(2, Map.of(new byte[] {1}, new byte[] {1}).entrySet());

        byte[] fence = Layers.join(late, Layers.drop(1));

        assertThat(Layers.isEmpty(fence)).isTrue();
        assertThat(Layers.join(fence, late)).isSameAs(fence);
        assertThat(parts(Layers.join(fence, later))).hasSize(1);
    }

    @Test
    void otherFormsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Layers.join(new byte[] {9, 0}, Layers.drop(1)))
                .withMessageContaining("form 9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Layers.forEach(new byte[] {1, 0, 1, 50}, (generation, name, value) -> {}))
                .withMessageContaining("damaged");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Layers.isEmpty(new byte[] {1}))
                .withMessageContaining("damaged");
    }
}
