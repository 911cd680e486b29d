package dev.watersmeet.testing.differential;

import com.fasterxml.jackson.databind.JsonNode;
import dev.watersmeet.crdt.CollectionSchema;
import java.util.List;

/** One step of a generated history. Numbers are taken modulo what there is to choose from, so that every list of steps is a history and shrinks to one. */
sealed interface Step {
    /** The replica that takes the step. */
    int replica();

    /** The physical clock of a replica moves. */
    record Clock(int replica, Move move, int by) implements Step {}

    /** How a physical clock moves. */
    enum Move {
        FORWARD,
        STALLED,
        BACK,
        JUMP,
        /** Below zero, at the last millisecond of stamps, or above it. */
        OUT_OF_RANGE
    }

    /** A replica's program declares other types. */
    record Declare(int replica, CollectionSchema schema) implements Step {}

    /** A replica keeps the record that it shows, for a later put that is stale. */
    record Open(int replica) implements Step {}

    /** A replica puts the record that it shows, or the one that it kept, with changes. */
    record Put(int replica, boolean stale, List<Change> changes) implements Step {}

    /** A change of one field of a record. */
    record Change(String field, Act act, int choice, JsonNode value) {}

    /** What a change does. */
    enum Act {
        /** As the field's type suggests: adds an element, counts, sets a leaf, resolves a conflict. */
        DO,
        /** As the field's type suggests: takes an element or a leaf away. */
        UNDO,
        /** Assigns the value whatever the field's type is. */
        ASSIGN,
        TAKE_AWAY
    }

    /** A replica puts a record that need not be an object. */
    record PutRoot(int replica, boolean stale, JsonNode value) implements Step {}

    /** A replica deletes the document. */
    record Delete(int replica) implements Step {}

    /** A replica is handed cells of another one. */
    record Receive(int replica, int from, Part part, int pick) implements Step {}

    /** Which cells are handed over. */
    enum Part {
        /** All that the other has. */
        ALL,
        /** Those of one edit of anybody, which may have come before. */
        EDIT,
        /** One of those of one edit. */
        CELL
    }

    /** A replica is handed cells that nobody here wrote, well-formed or not. */
    record Foreign(int replica, JsonNode cells) implements Step {}

    /** A replica is handed a snapshot: what another one has takes the place of what is delivered. */
    record Resync(int replica, int from) implements Step {}

    /** A replica forms a push, or sends the same again. */
    record Send(int replica) implements Step {}

    /** A replica's push is answered. */
    record Answer(int replica, Verdict verdict) implements Step {}

    /** How a push is answered. */
    enum Verdict {
        SETTLE,
        REJECT,
        UNSEND
    }
}
