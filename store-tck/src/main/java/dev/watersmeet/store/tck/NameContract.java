package dev.watersmeet.store.tck;

import static dev.watersmeet.store.StoreException.Kind.TOO_LARGE;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.stamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Names and values that trip up a store: two that differ stay two, and come back as they were. */
abstract class NameContract extends Contract {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a",
            "A",
            "a ",
            "aa",
            "a\u0000",
            "a\u0001",
            "\u0000",
            "\n",
            "\"",
            "\\",
            "/",
            ".",
            "..",
            "a/b",
            "%2F",
            "'; --",
            "*",
            "?",
            "#",
            "é",
            "e\u0301",
            "ß",
            "\uFEFF",
            "\uFFFF",
            "\uD83D\uDE00",
            "\uD83D",
            "\uDE00",
            "\uDE00\uD83D",
            "__proto__",
            "constructor",
            "toString",
            "null",
            "undefined",
            "1",
            "true");

    NameContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    @DisplayName("S-4: documents of any name are kept apart and found")
    void documentsOfAnyName() {
        List<DocumentCells> documents = new ArrayList<>();
        int n = 0;
        for (DocumentId id : ids()) {
            documents.add(edit(id, "field", ++n, n));
        }

        assertKept(documents);
    }

    private static List<DocumentId> ids() {
        List<DocumentId> ids = new ArrayList<>();
        TEXTS.forEach(text -> ids.add(DocumentId.of("things", text)));
        for (Object key : List.of(
                1,
                -1,
                0.1,
                1e21,
                12,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Instant.ofEpochMilli(1),
                Value.parse("{\"$binary\":[\"ArrayBuffer\",\"AP8=\"]}"),
                List.of(),
                List.of("a"),
                List.of("a", 1),
                List.of(List.of("a")),
                "x".repeat(DocumentId.MAX_ID_BYTES - 2),
                "x".repeat(DocumentId.MAX_ID_BYTES - 3),
                "\uD83D\uDE00".repeat(DocumentId.MAX_ID_BYTES / 4 - 1))) {
            ids.add(new DocumentId("things", Value.of(key)));
        }
        for (String collection : List.of(
                "a",
                "A",
                "thing",
                "things ",
                "a/b",
                "..",
                "__proto__",
                "é",
                "e\u0301",
                "\uD83D\uDE00".repeat(64),
                "\uFFFF".repeat(128))) {
            ids.add(DocumentId.of(collection, "a"));
        }
        return ids;
    }

    @Test
    @DisplayName("S-4: fields, elements and values of any text are kept apart and come back")
    void fieldsAndValuesOfAnyText() {
        DocumentState cells = DocumentState.empty();
        List<String> texts = new ArrayList<>(TEXTS);
        texts.add("x".repeat(Path.MAX_SEGMENT_BYTES - 2));
        texts.add("\u0000".repeat((Path.MAX_SEGMENT_BYTES - 2) / 6));
        for (String text : texts) {
            cells.join(Path.register(text), Cell.live(stamp(1), Value.of(text)));
            cells.join(Path.element(text, Value.of(text), Samples.REPLICA), Cell.live(stamp(1)));
            cells.join(Path.counter(text, stamp(1)), Cell.live(stamp(1), Value.of(texts.indexOf(text))));
        }
        cells.join(Path.ROOT, Cell.live(stamp(1), Value.parse("{\"__proto__\":{\"a\":[1,\"\\ud800\",null]},\"\":0}")));

        assertKept(List.of(new DocumentCells(document("odd"), cells)));
    }

    private void assertKept(List<DocumentCells> documents) {
        Map<DocumentId, DocumentState> expected = new HashMap<>();
        documents.forEach(delta -> expected.put(delta.id(), delta.cells()));
        assertThat(expected).hasSameSizeAs(documents);
        Cursor start = store.head(SPACE);

        store.join(SPACE, Batch.of(documents));

        assertEverywhere(expected, start);
        if (has(Capability.DURABLE)) {
            reopen();
            assertEverywhere(expected, start);
        }
    }

    private void assertEverywhere(Map<DocumentId, DocumentState> expected, Cursor start) {
        assertThat(store.read(SPACE, expected.keySet())).isEqualTo(expected);
        expected.forEach(
                (id, cells) -> assertThat(store.read(SPACE, List.of(id))).isEqualTo(Map.of(id, cells)));
        assertThat(Copy.scanned(store, SPACE, 1).documents()).isEqualTo(expected);
        assertThat(Copy.after(store, SPACE, start, 1).follow().documents()).isEqualTo(expected);
    }

    @Test
    @DisplayName("S-4: spaces of any name are apart")
    void spacesOfAnyName() {
        List<SpaceId> spaces = List.of(
                SpaceId.of("a"),
                SpaceId.of("A"),
                SpaceId.of("a."),
                SpaceId.of("a-"),
                SpaceId.of("a_"),
                SpaceId.of("~"),
                SpaceId.of("-"),
                SpaceId.of("__proto__"),
                SpaceId.of("x".repeat(128)),
                SpaceId.of("x".repeat(127)));
        spaces.forEach(space -> store.join(space, batch(edit(space.name(), 1))));

        for (SpaceId space : spaces) {
            assertThat(Copy.scanned(store, space, 10).documents()).containsOnlyKeys(document(space.name()));
        }
    }

    @Test
    @DisplayName("S-2: the longest value is kept, or refused as too large without a trace")
    void theLongestValue() {
        DocumentCells large = edit(document("large"), "field", 1, "x".repeat(Value.MAX_BYTES - 2));
        DocumentCells small = edit("small", 1);
        Cursor start = store.head(SPACE);
        Map<DocumentId, DocumentState> expected = new HashMap<>();
        try {
            store.join(SPACE, batch(small, large));
            expected.put(small.id(), small.cells());
            expected.put(large.id(), large.cells());
        } catch (StoreException e) {
            assertThat(e.kind()).isEqualTo(TOO_LARGE);
        }

        assertThat(store.read(SPACE, List.of(small.id(), large.id()))).isEqualTo(expected);
        assertThat(Copy.after(store, SPACE, start, 10).follow().documents()).isEqualTo(expected);
    }
}
