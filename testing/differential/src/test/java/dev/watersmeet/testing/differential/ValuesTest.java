package dev.watersmeet.testing.differential;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Values through both canonicalisers. Where one refuses, the other has to, too. */
class ValuesTest {
    private static final Set<Feature> IN_VALUES = EnumSet.range(Feature.LONE_SURROGATE_IN_VALUE, Feature.NESTED_ESCAPE);
    private static final Set<Feature> IN_TEXTS = EnumSet.range(Feature.LONE_SURROGATE_IN_VALUE, Feature.ODD_SPELLING);

    @Provide
    Arbitrary<List<JsonText>> texts() {
        return JsonText.any().list().ofMinSize(1).ofMaxSize(3);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void jsonTextsHaveOneCanonicalText(@ForAll("texts") List<JsonText> texts) {
        List<@Nullable String> expected = new ArrayList<>();
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        for (JsonText text : texts) {
            expected.add(unlessRefused(() -> Value.parse(text.text()).text()));
            text.features(features);
        }
        JsonNode answer =
                NodePeer.ask("texts", texts.stream().map(JsonText::text).toList());
        assertAlike(answer, expected);
        Feature.count(features, IN_TEXTS);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void doublesHaveOneText(@ForAll @Size(25) List<Long> bits) {
        List<@Nullable String> expected = bits.stream()
                .map(Double::longBitsToDouble)
                .<@Nullable String>map(number -> Value.of(number).text())
                .toList();
        assertAlike(NodePeer.ask("numbers", bits.stream().map(Long::toHexString).toList()), expected);
    }

    /** Doubles around powers of ten and of two, where the number of digits changes. */
    @Property(edgeCases = EdgeCasesMode.NONE)
    void doublesAtTheEdgesHaveOneText(@ForAll("edges") List<Double> numbers) {
        List<@Nullable String> expected = numbers.stream()
                .<@Nullable String>map(number -> Value.of(number).text())
                .toList();
        List<String> bits = numbers.stream()
                .map(number -> Long.toHexString(Double.doubleToRawLongBits(number)))
                .toList();
        assertAlike(NodePeer.ask("numbers", bits), expected);
    }

    @Provide
    Arbitrary<List<Double>> edges() {
        Arbitrary<Double> tens =
                Arbitraries.integers().between(-324, 308).map(exponent -> Double.parseDouble("1e" + exponent));
        Arbitrary<Double> twos = Arbitraries.integers().between(-1074, 1023).map(exponent -> Math.scalb(1.0, exponent));
        Arbitrary<Double> centres = Arbitraries.oneOf(tens, twos, Values.numbers());
        return Combinators.combine(centres, Arbitraries.integers().between(-3, 3))
                .as((centre, steps) -> Double.longBitsToDouble(Double.doubleToRawLongBits(centre) + steps))
                .filter(Double::isFinite)
                .list()
                .ofSize(25);
    }

    @Provide
    Arbitrary<List<Described>> described() {
        return Described.values().list().ofMinSize(1).ofMaxSize(4);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void javaScriptValuesTravelInOneForm(@ForAll("described") List<Described> values) {
        List<@Nullable String> expected = new ArrayList<>();
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        for (Described value : values) {
            Value java = value.value();
            Features.of(Trees.of(java), features);
            expected.add(unlessRefused(() -> Value.parse(java.text()).text()));
        }
        assertAlike(NodePeer.ask("values", values.stream().map(Described::json).toList()), expected);
        Feature.count(features, DESCRIBED);
    }

    /** Descriptions have no tagged values but those that come of JavaScript's own, and no texts near the limits of sizes. */
    private static final Set<Feature> DESCRIBED = EnumSet.copyOf(IN_VALUES);

    static {
        DESCRIBED.removeAll(EnumSet.of(
                Feature.NEGATIVE_ZERO,
                Feature.TAG_UNKNOWN,
                Feature.TAG_CONFLICT,
                Feature.NEAR_VALUE_LIMIT,
                Feature.ABOVE_VALUE_LIMIT,
                Feature.NEAR_SEGMENT_LIMIT,
                Feature.ABOVE_SEGMENT_LIMIT));
    }

    @Provide
    Arbitrary<List<JsonNode>> trees() {
        return Values.small().list().ofMinSize(2).ofMaxSize(8);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void valuesHaveOneOrder(@ForAll("trees") List<JsonNode> trees) {
        List<@Nullable String> expected = trees.stream()
                .map(tree -> Value.parse(Trees.text(tree)))
                .sorted()
                .<@Nullable String>map(Value::text)
                .toList();
        assertAlike(NodePeer.ask("order", trees.stream().map(Trees::text).toList()), expected);
    }

    /** The texts that the TypeScript model answers are those that the Java model has; null is a refusal. */
    static void assertAlike(JsonNode answer, List<@Nullable String> expected) {
        List<@Nullable String> actual = new ArrayList<>();
        answer.forEach(text -> actual.add(text.textValue()));
        if (!actual.equals(expected)) {
            assertThat(brief(actual)).isEqualTo(brief(expected));
        }
    }

    private static List<String> brief(List<@Nullable String> texts) {
        return texts.stream()
                .map(text -> text == null ? "refused" : Texts.brief(text))
                .toList();
    }

    static @Nullable String unlessRefused(Supplier<String> text) {
        try {
            return text.get();
        } catch (MalformedException e) {
            return null;
        }
    }
}
