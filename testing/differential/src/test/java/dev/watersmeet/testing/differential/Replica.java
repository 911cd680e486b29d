package dev.watersmeet.testing.differential;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.Conflict;
import dev.watersmeet.crdt.Document;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A replica in Java: one document in two layers, a clock and a schema. What came of a step is told as a text, which the other side has to tell alike. */
final class Replica {
    static final String REFUSED = "refused";
    static final String EXHAUSTED = "exhausted";
    static final DocumentId DOCUMENT = DocumentId.of("c", "d");

    /** Above every stamp that a history has. */
    private static final Stamp LAST = new Stamp(-1, new ReplicaId(-1));

    final ReplicaId id;
    final Document document = Document.empty();
    private final HybridLogicalClock clock;
    CollectionSchema schema = CollectionSchema.REGISTERS;
    long now;
    boolean inFlight;

    /** Those of the cells that arrived last, in the order in which the application is told. */
    List<Conflict> conflicts = List.of();

    Replica(ReplicaId id) {
        this.id = id;
        this.clock = HybridLogicalClock.of(() -> now, id);
    }

    /** @param record makes the record, and may refuse to */
    String put(Supplier<Value> record, @Nullable Value read, Consumer<DocumentState> written) {
        return edit(stamp -> Records.put(document.joined(), schema, stamp, record.get(), read), written);
    }

    String delete(Consumer<DocumentState> written) {
        return edit(stamp -> Records.delete(document.joined(), schema, stamp), written);
    }

    private String edit(Function<Stamp, DocumentState> making, Consumer<DocumentState> written) {
        Stamp stamp;
        try {
            stamp = clock.tick();
        } catch (IllegalStateException e) {
            return EXHAUSTED;
        }
        try {
            DocumentState cells = making.apply(stamp);
            document.edit(cells);
            written.accept(cells);
            return stamp + " edits\n" + text(cells.cells());
        } catch (MalformedException e) {
            return stamp + " " + REFUSED;
        }
    }

    String receive(String page) {
        return arrived(page, document::receive);
    }

    String resync(String page) {
        return arrived(page, document::replaceDelivered);
    }

    private String arrived(String page, Function<DocumentState, List<Conflict>> joining) {
        conflicts = List.of();
        try {
            DocumentState cells = read(page);
            cells.forEach((path, cell) -> clock.observe(cell.stamp()));
            conflicts = joining.apply(cells);
            return conflicts.stream().map(Replica::text).collect(Collectors.joining("", "received", ""));
        } catch (MalformedException | ProblemException e) {
            return REFUSED;
        }
    }

    String send() {
        try {
            DocumentState sent = document.send();
            inFlight = true;
            return "sent\n" + text(sent.cells());
        } catch (MalformedException e) {
            return REFUSED;
        }
    }

    String settle() {
        document.settle();
        inFlight = false;
        return "settled";
    }

    String reject() {
        document.reject();
        inFlight = false;
        return "rejected";
    }

    String unsend() {
        document.unsend();
        inFlight = false;
        return "unsent";
    }

    /** Both layers and the record, that of a dead document as if it were alive. */
    String standing() {
        DocumentState joined = document.joined();
        return String.join(
                "\n",
                "-- delivered",
                text(document.delivered()),
                "-- pending",
                text(document.pending()),
                joined.alive() ? "-- alive" : "-- dead",
                shown().text());
    }

    /** The record, that of a dead document as if it were alive. */
    Value shown() {
        DocumentState joined = document.joined();
        joined.join(Path.existence(LAST.replica()), Cell.live(LAST));
        return Records.read(joined, schema).orElseThrow();
    }

    /** Whether a field that keeps concurrent writes apart shows several. */
    boolean showsConflict() {
        Value shown = shown();
        return shown.isRecord()
                && shown.fields().entrySet().stream()
                        .anyMatch(field -> schema.type(field.getKey()) == FieldType.MULTI
                                && field.getValue().text().startsWith("{\"$object\":{\"$conflict\":["));
    }

    String page() {
        return page(document.joined());
    }

    static String page(DocumentState cells) {
        Page page = new Page(List.of(new DocumentCells(DOCUMENT, cells)), "", false);
        return new String(MergeFormat.writePage(page), StandardCharsets.UTF_8);
    }

    /** The cells of a page's one document. */
    static DocumentState read(String page) {
        return MergeFormat.readPage(page.getBytes(StandardCharsets.UTF_8))
                .documents()
                .get(0)
                .cells();
    }

    /** The cells, one a line. */
    static String text(Map<Path, Cell> cells) {
        return cells.entrySet().stream()
                .map(entry -> text(entry.getKey(), entry.getValue()))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static String text(Conflict conflict) {
        return "\nmine " + text(conflict.path(), conflict.mine()) + "\ntheirs "
                + text(conflict.path(), conflict.theirs());
    }

    private static String text(Path path, Cell cell) {
        Value value = cell.value();
        return path + " " + cell.stamp() + " " + (cell.removed() ? 1 : 0) + " " + (value == null ? "" : value.text());
    }
}
