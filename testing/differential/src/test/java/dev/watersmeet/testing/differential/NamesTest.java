package dev.watersmeet.testing.differential;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.JsonReader;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** What things are called: stamps, replicas, documents, paths. Where one side refuses a name, the other has to, too. */
class NamesTest {
    private static final Set<Feature> KEYS = EnumSet.range(Feature.KEY_STRING, Feature.ABOVE_ID_LIMIT);
    private static final Set<Feature> PATHS = EnumSet.of(
            Feature.PATH_NEAR_LIMIT, Feature.PATH_ABOVE_LIMIT, Feature.NEAR_DEPTH_LIMIT, Feature.ABOVE_DEPTH_LIMIT);

    /** The field and the sub-fields of a path of about 4,096 bytes, and the bytes of its brackets and its kind. */
    private static final int NAMES = 5;

    private static final int FRAME_BYTES = 5;

    @Provide
    Arbitrary<List<Key>> keys() {
        return Key.any().list().ofMinSize(1).ofMaxSize(4);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyKeyOfIndexedDbNamesOneDocument(@ForAll("keys") List<Key> keys) {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        List<@Nullable String> expected = new ArrayList<>();
        for (Key key : keys) {
            features.addAll(key.features());
            expected.add(id(key.described().value()));
        }
        ValuesTest.assertAlike(
                NodePeer.ask(
                        "keys", keys.stream().map(key -> key.described().json()).toList()),
                expected);
        Feature.count(features, KEYS);
    }

    private static @Nullable String id(Value id) {
        return ValuesTest.unlessRefused(() -> new DocumentId("c", id).id().text());
    }

    @Provide
    Arbitrary<List<JsonNode>> ids() {
        Arbitrary<JsonNode> key = Key.any().map(one -> Trees.of(one.described().value()));
        return Arbitraries.oneOf(key, Values.small(), Values.small().map(Trees::array))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void idsThatArriveAreTakenAlike(@ForAll("ids") List<JsonNode> ids) {
        List<String> texts = ids.stream().map(Trees::text).toList();
        List<@Nullable String> expected = new ArrayList<>();
        texts.forEach(text -> expected.add(ValuesTest.unlessRefused(
                () -> new DocumentId("c", Value.parse(text)).id().text())));
        ValuesTest.assertAlike(NodePeer.ask("ids", texts), expected);
    }

    @Provide
    Arbitrary<List<String>> collections() {
        Arbitrary<String> lengths = Combinators.combine(
                        Arbitraries.of("x", "€", "\ud83d\ude00"),
                        Arbitraries.integers()
                                .between(DocumentId.MAX_COLLECTION_LENGTH - 2, DocumentId.MAX_COLLECTION_LENGTH + 1))
                .as((unit, length) -> unit.repeat(length / unit.length()));
        return Arbitraries.oneOf(
                        Texts.shortTexts(),
                        lengths,
                        Arbitraries.chars().range('\0', '\u00ff').map(String::valueOf))
                .list()
                .ofMaxSize(20);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void namesOfCollectionsAreTakenAlike(@ForAll("collections") List<String> names) {
        List<@Nullable String> expected = new ArrayList<>();
        names.forEach(name -> expected.add(
                ValuesTest.unlessRefused(() -> DocumentId.of(name, "d").collection())));
        ValuesTest.assertAlike(NodePeer.ask("collections", names), expected);
    }

    @Provide
    Arbitrary<List<JsonNode>> paths() {
        Arbitrary<JsonNode> longWays = Combinators.combine(
                        Texts.units(), Arbitraries.integers().between(Path.MAX_BYTES - 2, Path.MAX_BYTES + 2))
                .as(NamesTest::ofBytes);
        Arbitrary<JsonNode> deepElements = Combinators.combine(
                        Arbitraries.of("s", "m"), Values.deep(), Arbitraries.of(Steps.REPLICAS))
                .as((kind, element, id) ->
                        Trees.array(Values.node(kind), Values.node("f"), element, Values.node(id.toString())));
        Arbitrary<JsonNode> manyNames = Arbitraries.integers()
                .between(Path.MAX_SUB_FIELDS - 2, Path.MAX_SUB_FIELDS + 2)
                .map(count -> {
                    ArrayNode path = Trees.array(Values.node("n"), Values.node("f"));
                    for (int i = 0; i < count; i++) {
                        path.add("__proto__");
                    }
                    return path;
                });
        Arbitrary<JsonNode> wrong = Combinators.combine(
                        Arbitraries.of("e", "d", "r", "s", "c", "b", "m", "n", "v", "x", "", "__proto__"),
                        Values.small().list().ofMaxSize(4))
                .as((kind, rest) -> {
                    ArrayNode path = Trees.array(Values.node(kind));
                    rest.forEach(path::add);
                    return path;
                });
        return Arbitraries.frequencyOf(
                        Tuple.of(10, Steps.path()),
                        Tuple.of(1, longWays),
                        Tuple.of(1, deepElements),
                        Tuple.of(1, manyNames),
                        Tuple.of(3, wrong),
                        Tuple.of(1, Values.small()))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void pathsHaveOneTextAndOneMeaning(@ForAll("paths") List<JsonNode> paths) {
        List<String> arrays = paths.stream().map(Trees::text).toList();
        List<@Nullable String> expected = new ArrayList<>();
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        for (int i = 0; i < paths.size(); i++) {
            String array = arrays.get(i);
            expected.add(ValuesTest.unlessRefused(() -> parts(path(array))));
            features(paths.get(i), features);
        }
        ValuesTest.assertAlike(NodePeer.ask("pathArrays", arrays), expected);
        List<@Nullable String> parsed = new ArrayList<>();
        arrays.forEach(array -> parsed.add(ValuesTest.unlessRefused(() -> parts(Path.parse(array)))));
        ValuesTest.assertAlike(NodePeer.ask("pathTexts", arrays), parsed);
        Feature.count(features, PATHS);
    }

    private static Path path(String array) {
        JsonReader reader = JsonReader.of(array);
        Path path = reader.path();
        reader.end();
        return path;
    }

    private static void features(JsonNode path, Set<Feature> found) {
        if (path.size() == 4 && path.get(2).isContainerNode()) {
            Features.of(path.get(2), found);
        }
        if (path.isArray() && path.size() == NAMES + 1) {
            int bytes = FRAME_BYTES;
            for (JsonNode name : path) {
                bytes += name.asText().equals("n") ? 0 : Texts.quotedBytes(name.asText()) + 3;
            }
            found.add(bytes > Path.MAX_BYTES ? Feature.PATH_ABOVE_LIMIT : Feature.PATH_NEAR_LIMIT);
        }
    }

    /** The path of a leaf whose text has so many bytes, with names that are below their own limit. */
    private static JsonNode ofBytes(String unit, int bytes) {
        ArrayNode path = Trees.array(Values.node("n"));
        int left = bytes - FRAME_BYTES;
        for (int names = NAMES; names > 0; names--) {
            int each = left / names;
            path.add(Texts.ofBytes(unit, each - 1));
            left -= each;
        }
        return path;
    }

    /** A path taken apart, as the other side does it. */
    /** The time of a stamp: 64 bits, like a replica id, and written like one. */
    private static String since(Stamp stamp) {
        return new ReplicaId(stamp.time()).toString();
    }

    private static String parts(Path path) {
        boolean field = path.kind() != Kind.EXISTENCE && path.kind() != Kind.DELETION && path.kind() != Kind.ROOT;
        boolean element = path.kind() == Kind.SET || path.kind() == Kind.MULTI;
        boolean counts = path.kind() == Kind.COUNTER || path.kind() == Kind.COUNTER_BASE;
        List<String> parts = List.of(
                path.text(),
                path.kind().code(),
                field ? Value.of(path.field()).text() : "-",
                element ? path.element().text() : "-",
                path.hasReplica() ? path.replica().toString() : "-",
                path.kind() == Kind.MAP ? Value.of(path.subFields()).text() : "-",
                counts ? since(path.life()) : "-");
        return String.join("\n", parts);
    }

    private static String described(Stamp stamp) {
        return stamp.millis() + " " + stamp.counter() + " " + stamp.replica() + " " + stamp + " " + since(stamp);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void stampsHaveOneText(@ForAll List<Long> times, @ForAll long replica) {
        List<Stamp> stamps = times.stream()
                .map(time -> new Stamp(time, new ReplicaId(replica ^ time)))
                .toList();
        List<@Nullable String> expected =
                stamps.stream().<@Nullable String>map(NamesTest::described).toList();
        ValuesTest.assertAlike(
                NodePeer.ask("stamps", stamps.stream().map(Stamp::toString).toList()), expected);
    }

    @Provide
    Arbitrary<List<String>> almostStamps() {
        Arbitrary<String> right = Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                .as((time, replica) -> new Stamp(time, new ReplicaId(replica)).toString());
        Arbitrary<String> broken = Combinators.combine(
                        right,
                        Arbitraries.integers().between(0, 25),
                        Arbitraries.of("I", "L", "O", "U", "a", "8", "Z", "0", "", "00", " ", "\n", "\u0660", "\ud800"))
                .as((text, at, inserted) -> text.substring(0, at) + inserted + text.substring(at + 1));
        return Arbitraries.oneOf(
                        broken,
                        broken.map(text -> text.substring(13)),
                        broken.map(text -> text.substring(0, text.length() - 1) + "\n"))
                .list()
                .ofMaxSize(10);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void whatIsAlmostAStampOrAReplicaIsTakenAlike(@ForAll("almostStamps") List<String> texts) {
        List<@Nullable String> stamps = new ArrayList<>();
        List<@Nullable String> replicas = new ArrayList<>();
        texts.forEach(text -> stamps.add(ValuesTest.unlessRefused(() -> {
            Stamp stamp = Stamp.parse(text);
            return described(stamp);
        })));
        texts.forEach(text -> replicas.add(
                ValuesTest.unlessRefused(() -> ReplicaId.parse(text).toString())));
        ValuesTest.assertAlike(NodePeer.ask("stamps", texts), stamps);
        ValuesTest.assertAlike(NodePeer.ask("replicas", texts), replicas);
    }

    /** What a clock is shown: a stamp, or, without one, the physical time before it issues one. */
    record Shown(long millis, @Nullable String stamp) {}

    /** The question to the other side. */
    record Clock(String replica, @Nullable String after, List<Object> steps) {}

    @Provide
    Arbitrary<List<Shown>> shown() {
        long start = Steps.START;
        Arbitrary<Long> millis = Arbitraries.frequencyOf(
                Tuple.of(10, Arbitraries.longs().between(start - 3, start + 3)),
                Tuple.of(2, Arbitraries.longs().between(-5, Stamp.MAX_MILLIS)),
                Tuple.of(1, Arbitraries.of(-1L, 0L, Stamp.MAX_MILLIS, Stamp.MAX_MILLIS + 1)));
        Arbitrary<Long> counters = Arbitraries.of(0L, 1L, Stamp.MAX_COUNTER - 1L, (long) Stamp.MAX_COUNTER);
        Arbitrary<Shown> stamps = Combinators.combine(millis, counters, Arbitraries.of(Steps.REPLICAS))
                .as((time, counter, replica) -> new Shown(
                        0,
                        new Stamp(Math.max(0, Math.min(time, Stamp.MAX_MILLIS)) << 16 | counter, replica).toString()));
        return Arbitraries.frequencyOf(Tuple.of(3, millis.map(time -> new Shown(time, null))), Tuple.of(1, stamps))
                .list()
                .ofMaxSize(30);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void clocksIssueTheSameStamps(@ForAll("shown") List<Shown> steps, @ForAll boolean resumed) {
        ReplicaId replica = Steps.REPLICAS.get(1);
        Stamp after = Stamp.of(Steps.START, Stamp.MAX_COUNTER - 1, replica);
        long[] now = new long[1];
        HybridLogicalClock clock = resumed
                ? HybridLogicalClock.resume(() -> now[0], replica, after)
                : HybridLogicalClock.of(() -> now[0], replica);
        List<@Nullable String> expected = new ArrayList<>();
        List<Object> told = new ArrayList<>();
        for (Shown step : steps) {
            if (step.stamp() != null) {
                told.add(step.stamp());
                clock.observe(Stamp.parse(step.stamp()));
            } else {
                now[0] = step.millis();
                told.add(step.millis());
                expected.add(ticked(clock));
            }
        }
        JsonNode answer = NodePeer.ask("clock", new Clock(replica.toString(), resumed ? after.toString() : null, told));
        ValuesTest.assertAlike(answer, expected);
        assertThat(expected.stream().filter(stamp -> stamp != null)).doesNotHaveDuplicates();
        EnumSet<Feature> end = EnumSet.of(Feature.CLOCK_EXHAUSTED);
        Feature.count(expected.contains(null) ? end : EnumSet.noneOf(Feature.class), end);
    }

    private static @Nullable String ticked(HybridLogicalClock clock) {
        try {
            return clock.tick().toString();
        } catch (IllegalStateException e) {
            return null;
        }
    }
}
