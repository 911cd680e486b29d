package dev.watersmeet.format;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads documents and their cells (M-22): of pages, where each has to be readable, and of pushes, where each stands for itself (P-7). */
final class DocumentReader {
    private final JsonInput input;
    private final int maxCells;
    private int cells;

    private DocumentReader(JsonInput input, int maxCells) {
        this.input = input;
        this.maxCells = maxCells;
    }

    /** The documents of a page. */
    static List<DocumentCells> page(JsonInput input) {
        DocumentReader reader = new DocumentReader(input, Integer.MAX_VALUE);
        List<DocumentCells> documents = new ArrayList<>();
        input.beginArray();
        while (input.element()) {
            PushedDocument document = reader.document();
            if (document instanceof PushedDocument.Readable readable) {
                documents.add(readable.document());
            } else {
                throw ProblemException.of(ProblemCode.MALFORMED, ((PushedDocument.Unreadable) document).detail());
            }
        }
        return documents;
    }

    /** The documents of a push. */
    static List<PushedDocument> push(JsonInput input) {
        DocumentReader reader = new DocumentReader(input, FormatLimits.MAX_DOCUMENT_CELLS);
        List<PushedDocument> documents = new ArrayList<>();
        Set<DocumentId> names = new HashSet<>();
        input.beginArray();
        while (input.element()) {
            if (documents.size() == FormatLimits.MAX_PUSH_DOCUMENTS) {
                throw tooLarge("a push has at most " + FormatLimits.MAX_PUSH_DOCUMENTS + " documents");
            }
            PushedDocument document = reader.document();
            if (!names.add(document.id())) {
                throw MalformedException.of(
                        "a push has each document once", document.id().toString());
            }
            if (reader.cells > FormatLimits.MAX_PUSH_CELLS) {
                throw tooLarge("a push has at most " + FormatLimits.MAX_PUSH_CELLS + " cells");
            }
            documents.add(document);
        }
        return documents;
    }

    private static ProblemException tooLarge(String detail) {
        return ProblemException.of(ProblemCode.TOO_LARGE, detail);
    }

    /** Why a document cannot be read. */
    private record Fault(RejectionCode code, String detail) {}

    private PushedDocument document() {
        JsonInput.Members members = input.members();
        String collection = null;
        Value id = null;
        boolean whole = false;
        boolean complete = false;
        DocumentState state = DocumentState.empty();
        Fault fault = null;
        for (String name = members.next(); name != null; name = members.next()) {
            try {
                switch (name) {
                    case "collection" -> collection = input.string();
                    case "id" -> id = input.value();
                    case "whole" -> whole = input.flag();
                    case "cells" -> {
                        complete = true;
                        fault = cells(state, fault);
                    }
                    default -> {} // M-22
                }
            } catch (MalformedException e) {
                if (name.equals("collection") || name.equals("id")) {
                    throw e; // there is nothing to hang a verdict on
                }
                fault = new Fault(RejectionCode.MALFORMED, "at " + input.place() + ": " + e.getMessage());
            }
        }
        if (collection == null || id == null) {
            throw MalformedException.of("a document has a collection and an id");
        }
        DocumentId document = new DocumentId(collection, id);
        if (!complete && fault == null) {
            fault = new Fault(RejectionCode.MALFORMED, "at " + input.place() + ": a document has cells");
        }
        return fault == null
                ? new PushedDocument.Readable(new DocumentCells(document, state), whole)
                : new PushedDocument.Unreadable(document, fault.code(), fault.detail());
    }

    /** Reads the cells into a state, up to the bound: a document above it is refused by itself, and what is beyond does not count. */
    private @Nullable Fault cells(DocumentState state, @Nullable Fault before) {
        input.beginArray();
        for (int count = 0; input.element(); count++) {
            if (count == maxCells) {
                return new Fault(
                        RejectionCode.TOO_LARGE,
                        "at " + input.place() + ": a document has at most " + maxCells + " cells");
            }
            cells++;
            cell(state);
        }
        return before;
    }

    private void cell(DocumentState state) {
        input.beginArray();
        input.expectElement("a path");
        Path path = Path.of(input.value());
        input.expectElement("a stamp");
        Stamp stamp = Stamp.parse(input.string());
        input.expectElement("0 or 1");
        boolean removed = removed();
        Value value = null;
        if (input.element()) {
            value = input.value();
            if (input.element()) {
                throw MalformedException.of("a cell is [path, stamp, removed] or [path, stamp, removed, value]");
            }
        }
        state.join(path, new Cell(stamp, removed, value));
    }

    private boolean removed() {
        long removed = input.integer();
        if (removed != 0 && removed != 1) {
            throw MalformedException.of("expected 0 or 1", Long.toString(removed));
        }
        return removed == 1;
    }
}
