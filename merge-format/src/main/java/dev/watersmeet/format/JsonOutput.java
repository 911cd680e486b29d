package dev.watersmeet.format;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object while it is written, without white space, in UTF-8. All texts come from {@link Value}: lone surrogates are escaped (M-4), and values that are canonical already are not touched. Names of members are letters of ASCII.
 */
final class JsonOutput {
    private static final String SEPARATORS = "{[:,";
    private static final int DOCUMENT_BYTES = 1 << 10;
    private static final int MESSAGE_BYTES = 1 << 13;

    private final Octets json;
    private final @Nullable BatchWriter batch;

    /** The stamp that was written last: neighbours mostly have the same. */
    private @Nullable Stamp stamp;

    private byte[] stampText = {};

    private JsonOutput(@Nullable BatchWriter batch, int capacity) {
        this.batch = batch;
        this.json = new Octets(capacity);
    }

    /** An object with the given members. */
    static byte[] object(Consumer<JsonOutput> members) {
        return object(null, members);
    }

    /** An object with the given members, of which documents go to a batch, if there is one (M-27). */
    static byte[] object(@Nullable BatchWriter batch, Consumer<JsonOutput> members) {
        JsonOutput output = new JsonOutput(batch, MESSAGE_BYTES);
        output.object(() -> members.accept(output));
        return output.json.toBytes();
    }

    void object(Runnable members) {
        separate();
        json.put('{');
        members.run();
        json.put('}');
    }

    /** Writes an object as a member. */
    void object(String name, Runnable members) {
        name(name);
        object(members);
    }

    /** Writes an array as a member. */
    <T> void array(String name, Iterable<T> elements, Consumer<T> element) {
        name(name);
        separate();
        json.put('[');
        elements.forEach(element);
        json.put(']');
    }

    /** Writes an array of objects as a member. */
    <T> void objects(String name, List<T> elements, Consumer<T> members) {
        array(name, elements, element -> object(() -> members.accept(element)));
    }

    void number(String name, long number) {
        name(name);
        number(number);
    }

    void number(long number) {
        raw(Long.toString(number));
    }

    void flag(String name, boolean flag) {
        value(name, Value.of(flag));
    }

    void string(String name, @Nullable String string) {
        value(name, Value.of(string));
    }

    /** Writes a member that is canonical JSON already. */
    void canonical(String name, String json) {
        name(name);
        raw(json);
    }

    void nothing(String name) {
        value(name, Value.NULL);
    }

    private void value(String name, Value value) {
        name(name);
        raw(value.text());
    }

    private void name(String name) {
        separate();
        json.put('"');
        json.put(name.getBytes(US_ASCII));
        json.put('"');
        json.put(':');
    }

    private void raw(String text) {
        separate();
        put(text);
    }

    private void put(String text) {
        json.put(text.getBytes(UTF_8));
    }

    private void separate() {
        if (json.size() > 0 && SEPARATORS.indexOf(json.last()) < 0) {
            json.put(',');
        }
    }

    void id(DocumentId id) {
        string("collection", id.collection());
        value("id", id.id());
    }

    /**
     * Writes the documents of the message: of a page, where none is whole.
     *
     * @param complete those that are marked as complete (P-22)
     */
    void documents(List<DocumentCells> documents, Set<DocumentId> complete) {
        if (batch == null) {
            objects("documents", documents, document -> {
                cells(document);
                if (complete.contains(document.id())) {
                    flag("complete", true);
                }
            });
        } else {
            documents.forEach(
                    document -> batch.add(document, complete.contains(document.id()) ? BatchReader.COMPLETE : 0));
        }
    }

    /** As {@link #documents}, of documents that are encoded already, in JSON. */
    void encoded(List<DocumentCells> documents, Function<DocumentCells, byte[]> encoded, Set<DocumentId> complete) {
        array("documents", documents, document -> {
            separate();
            json.put(encoded.apply(document));
            if (complete.contains(document.id())) {
                json.takeBack();
                flag("complete", true);
                json.put('}');
            }
        });
    }

    /** A document by itself. */
    static byte[] document(DocumentCells document) {
        JsonOutput output = new JsonOutput(null, DOCUMENT_BYTES);
        output.object(() -> output.cells(document));
        return output.json.toBytes();
    }

    /** Writes what a page drops, if it does (P-21). */
    void dropped(List<DocumentCells> dropped) {
        if (dropped.isEmpty()) {
            return;
        }
        if (batch == null) {
            objects("dropped", dropped, this::cells);
        } else {
            flag("dropped", true); // M-27
            dropped.forEach(document -> batch.add(document, 0));
        }
    }

    /** Writes the documents of the message: of a push. */
    void pushed(List<PushedDocument.Readable> documents) {
        if (batch == null) {
            objects("documents", documents, this::pushed);
        } else {
            documents.forEach(document -> batch.add(document.document(), document.whole() ? BatchReader.WHOLE : 0));
        }
    }

    private void pushed(PushedDocument.Readable document) {
        cells(document.document());
        if (document.whole()) {
            flag("whole", true);
        }
    }

    /** Checks that a cell is for others: an engine that left a mark of access in would tell who may read what. */
    static void requireTravels(Path path) {
        if (path.kind() == Kind.ACCESS) {
            throw new IllegalStateException("a mark of access does not travel (P-24): " + path);
        }
    }

    private void cells(DocumentCells document) {
        id(document.id());
        name("cells");
        json.put('[');
        document.cells().forEach(this::cell);
        json.put(']');
    }

    private void cell(Path path, Cell cell) { // M-22
        requireTravels(path);
        separate();
        json.put('[');
        json.put(path.utf8());
        json.put(',');
        json.put(text(cell.stamp()));
        json.put(',');
        json.put(cell.removed() ? '1' : '0');
        Value value = cell.value();
        if (value != null) {
            json.put(',');
            put(value.text());
        }
        json.put(']');
    }

    private byte[] text(Stamp of) {
        if (!of.equals(stamp)) {
            stamp = of;
            stampText = ('"' + of.toString() + '"').getBytes(US_ASCII);
        }
        return stampText;
    }
}
