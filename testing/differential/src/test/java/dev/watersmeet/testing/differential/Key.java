package dev.watersmeet.testing.differential;

import dev.watersmeet.crdt.DocumentId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * A key of IndexedDB, or what almost is one.
 *
 * @param described the key, and the id that it has in Java, allowed or not
 * @param features what it is
 */
record Key(Described described, Set<Feature> features) {
    /** Keys of all types. */
    static Arbitrary<Key> any() {
        return Arbitraries.recursive(Key::scalars, inner -> Arbitraries.oneOf(scalars(), arrays(inner)), 0, 3);
    }

    private static Arbitrary<Key> scalars() {
        Arbitrary<Key> strings = Arbitraries.frequencyOf(
                        Tuple.of(6, Texts.shortTexts()), Tuple.of(1, Texts.near(DocumentId.MAX_ID_BYTES)))
                .map(Key::string);
        Arbitrary<Key> binaries = Combinators.combine(
                        Arbitraries.of("ArrayBuffer", "Uint8Array", "DataView", "Int32Array"),
                        Arbitraries.bytes().list().ofMaxSize(3))
                .as((name, bytes) ->
                        new Key(Described.binary(name, bytes, "ArrayBuffer"), EnumSet.of(Feature.KEY_BINARY)));
        return Arbitraries.oneOf(
                strings, Described.numbers().map(Key::number), Described.dates().map(Key::date), binaries);
    }

    private static Key string(String text) {
        Set<Feature> features = EnumSet.of(Feature.KEY_STRING);
        Features.size(text, DocumentId.MAX_ID_BYTES, Feature.NEAR_ID_LIMIT, Feature.ABOVE_ID_LIMIT, features);
        return new Key(Described.string(text), features);
    }

    private static Key number(Described number) {
        Feature feature =
                switch (number.value().text()) {
                    case "{\"$number\":\"NaN\"}" -> Feature.KEY_NAN;
                    case "{\"$number\":\"Infinity\"}" -> Feature.KEY_INFINITY;
                    case "{\"$number\":\"-Infinity\"}" -> Feature.KEY_NEGATIVE_INFINITY;
                    default -> Feature.KEY_NUMBER;
                };
        return new Key(number, EnumSet.of(feature));
    }

    private static Key date(Described date) {
        boolean invalid = date.value().text().endsWith(":null}");
        return new Key(date, EnumSet.of(invalid ? Feature.KEY_INVALID_DATE : Feature.KEY_DATE));
    }

    private static Arbitrary<Key> arrays(Arbitrary<Key> inner) {
        return inner.list().ofMaxSize(3).map(Key::array);
    }

    private static Key array(List<Key> members) {
        Set<Feature> features = EnumSet.of(Feature.KEY_ARRAY);
        members.forEach(member -> features.addAll(member.features()));
        if (members.stream().anyMatch(member -> member.features().contains(Feature.KEY_ARRAY))) {
            features.add(Feature.KEY_NESTED_ARRAY);
        }
        return new Key(Described.array(members.stream().map(Key::described).toList()), features);
    }

    @Override
    public String toString() {
        return described.toString();
    }
}
