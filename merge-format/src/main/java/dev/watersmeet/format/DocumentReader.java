package dev.watersmeet.format;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.JsonReader;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads documents and their cells (M-22): of pages, where each has to be readable, and of pushes, where each stands for itself (P-7). */
final class DocumentReader {
    /** For how many cells there is room at first in a document whose neighbours have as many: few documents have more. */
    private static final int MOST_ROOM = 16;

    private final JsonInput input;
    /** By their texts as they were written: documents have the same fields. */
    private final Map<String, Path> paths = new HashMap<>();
    /** The text that the path at a place in a document had last: neighbours mostly have the same fields in the same order. */
    private final List<String> lastPaths = new ArrayList<>();
    /** The stamp that was read last, as it was written. */
    private String lastStamp = "";

    private @Nullable Stamp stamp;
    private final int maxCells;
    private int cells;
    /** The documents that are marked as complete, which only those of pages are (P-22). */
    private final Set<DocumentId> complete = new HashSet<>();

    private DocumentReader(JsonInput input, int maxCells) {
        this.input = input;
        this.maxCells = maxCells;
    }

    /** The documents of a page. */
    static PageDocuments page(JsonInput input) {
        DocumentReader reader = new DocumentReader(input, Integer.MAX_VALUE);
        List<DocumentCells> documents = new ArrayList<>();
        JsonInput.Elements elements = input.elements();
        while (elements.next()) {
            PushedDocument document = reader.document();
            if (document instanceof PushedDocument.Readable readable) {
                documents.add(readable.document());
            } else {
                throw ProblemException.of(ProblemCode.MALFORMED, ((PushedDocument.Unreadable) document).detail());
            }
        }
        return new PageDocuments(documents, reader.complete);
    }

    /** The documents of a push. */
    static List<PushedDocument> push(JsonInput input) {
        DocumentReader reader = new DocumentReader(input, FormatLimits.MAX_DOCUMENT_CELLS);
        PushLimits limits = new PushLimits();
        List<PushedDocument> documents = new ArrayList<>();
        JsonInput.Elements elements = input.elements();
        while (elements.next()) {
            limits.nextDocument();
            int before = reader.cells;
            PushedDocument document = reader.document();
            limits.name(document.id());
            limits.cells(reader.cells - before);
            documents.add(document);
        }
        return documents;
    }

    private PushedDocument document() {
        JsonInput.Members members = input.members();
        String collection = null;
        Value id = null;
        boolean whole = false;
        boolean marked = false;
        boolean hasCells = false;
        DocumentState state = DocumentState.empty(Math.min(lastPaths.size(), MOST_ROOM));
        Fault fault = null;
        for (String name = members.next(); name != null; name = members.next()) {
            try {
                switch (name) {
                    case "collection" -> collection = input.string();
                    case "id" -> id = input.value();
                    case "whole" -> whole = input.flag();
                    case "complete" -> marked = input.flag();
                    case "cells" -> {
                        hasCells = true;
                        if (!cells(state)) {
                            fault = Fault.tooManyCells(input.place(), maxCells);
                            members.skip();
                        }
                    }
                    default -> members.skip(); // M-22
                }
            } catch (MalformedException e) {
                if (name.equals("collection") || name.equals("id")) {
                    throw e; // there is nothing to hang a verdict on
                }
                fault = Fault.malformed(input.place(), e);
                members.skip();
            }
        }
        if (collection == null || id == null) {
            throw MalformedException.of("a document has a collection and an id");
        }
        DocumentId document = new DocumentId(collection, id);
        if (!hasCells && fault == null) {
            fault = new Fault(RejectionCode.MALFORMED, "at " + input.place() + ": a document has cells");
        }
        if (marked) {
            complete.add(document);
        }
        return fault == null
                ? new PushedDocument.Readable(new DocumentCells(document, state), whole)
                : new PushedDocument.Unreadable(document, fault.code(), fault.detail());
    }

    /** Reads the cells into a state. False above the bound: such a document is refused by itself, and what is beyond does not count. */
    private boolean cells(DocumentState state) {
        JsonInput.Elements elements = input.elements();
        for (int count = 0; elements.next(); count++) {
            if (count == maxCells) {
                return false;
            }
            cells++;
            cell(state, count);
        }
        return true;
    }

    private void cell(DocumentState state, int place) {
        JsonInput.Elements elements = input.elements();
        elements.expect("a path");
        Path path = paths.computeIfAbsent(pathSource(place), DocumentReader::path);
        elements.expect("a stamp");
        Stamp stamp = stamp();
        elements.expect("0 or 1");
        boolean removed = removed();
        Value value = null;
        if (elements.next()) {
            value = input.value();
            if (elements.next()) {
                throw MalformedException.of("a cell is [path, stamp, removed] or [path, stamp, removed, value]");
            }
        }
        state.join(path, new Cell(stamp, removed, value));
    }

    private static Path path(String source) {
        Path path = JsonReader.of(source).path();
        if (path.kind() == Kind.ACCESS) {
            throw MalformedException.of("marks of access are a server's own and do not travel (P-24)", source);
        }
        return path;
    }

    private String pathSource(int place) {
        if (place < lastPaths.size() && input.skip(lastPaths.get(place))) {
            return lastPaths.get(place);
        }
        String source = input.source();
        if (place < lastPaths.size()) {
            lastPaths.set(place, source);
        } else if (place == lastPaths.size()) {
            lastPaths.add(source);
        }
        return source;
    }

    private Stamp stamp() {
        Stamp last = stamp;
        if (last != null && input.skip(lastStamp)) {
            return last;
        }
        String text = input.string();
        Stamp read = Stamp.parse(text);
        stamp = read;
        lastStamp = '"' + text + '"';
        return read;
    }

    private boolean removed() {
        if (input.skip("0")) {
            return false;
        }
        String flag = input.value().text();
        if (!flag.equals("0") && !flag.equals("1")) {
            throw MalformedException.of("expected 0 or 1", flag);
        }
        return flag.equals("1");
    }
}
