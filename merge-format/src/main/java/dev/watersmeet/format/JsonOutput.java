package dev.watersmeet.format;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A JSON object while it is written, without white space. All texts come from {@link Value}: lone surrogates are escaped (M-4), and values that are canonical already are not touched. */
final class JsonOutput {
    private static final String SEPARATORS = "{[:,";

    private final StringBuilder text = new StringBuilder();
    private final @Nullable BatchWriter batch;

    private JsonOutput(@Nullable BatchWriter batch) {
        this.batch = batch;
    }

    /** The text of an object with the given members. */
    static String object(Consumer<JsonOutput> members) {
        return object(null, members);
    }

    /** The text of an object with the given members, of which documents go to a batch, if there is one (M-27). */
    static String object(@Nullable BatchWriter batch, Consumer<JsonOutput> members) {
        JsonOutput output = new JsonOutput(batch);
        output.object(() -> members.accept(output));
        return output.text.toString();
    }

    void object(Runnable members) {
        raw("{");
        members.run();
        text.append('}');
    }

    /** Writes an object as a member. */
    void object(String name, Runnable members) {
        name(name);
        object(members);
    }

    /** Writes an array as a member. */
    <T> void array(String name, Iterable<T> elements, Consumer<T> element) {
        name(name);
        raw("[");
        elements.forEach(element);
        text.append(']');
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
        raw(Value.of(name).text());
        text.append(':');
    }

    private void raw(String json) {
        if (text.length() > 0 && SEPARATORS.indexOf(text.charAt(text.length() - 1)) < 0) {
            text.append(',');
        }
        text.append(json);
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

    /** As {@link #documents}, of documents whose texts there are, in JSON. */
    void texts(List<DocumentCells> documents, Function<DocumentCells, String> texts, Set<DocumentId> complete) {
        array("documents", documents, document -> {
            raw(texts.apply(document));
            if (complete.contains(document.id())) {
                text.setLength(text.length() - 1);
                flag("complete", true);
                text.append('}');
            }
        });
    }

    /** The text of a document by itself. */
    static String document(DocumentCells document) {
        JsonOutput output = new JsonOutput(null);
        output.object(() -> output.cells(document));
        return output.text.toString();
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
        array("cells", document.cells().cells().entrySet(), entry -> cell(entry.getKey(), entry.getValue()));
    }

    private void cell(Path path, Cell cell) { // M-22
        requireTravels(path);
        raw("[");
        text.append(path.text())
                .append(",\"")
                .append(cell.stamp())
                .append("\",")
                .append(cell.removed() ? 1 : 0);
        if (cell.value() != null) {
            text.append(',').append(cell.value().text());
        }
        text.append(']');
    }
}
