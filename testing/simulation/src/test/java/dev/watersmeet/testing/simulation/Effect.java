package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.Value;
import org.jspecify.annotations.Nullable;

/**
 * What an edit meant, in the words of the textbooks: nothing of cells.
 *
 * @param type what is done
 * @param place the field, or the way to the leaf, where it is done
 * @param value what is assigned, added or removed, or by how much is counted; null where a place is emptied
 * @param weak whether it is not known if the edit had it: the writer may have had nothing to take away any more
 */
record Effect(Type type, String place, @Nullable Value value, boolean weak) {
    enum Type {
        /** The document is put, and holds nothing. */
        PUT,
        /** A register or a leaf is assigned, or emptied. */
        ASSIGN,
        /** What an object hides at a place is emptied, if there is anything. */
        UNCOVER,
        /** An element is added with a new tag. */
        ADD,
        /** The tags of an element that the writer had seen are removed; of all elements, if it names none. */
        REMOVE,
        /** Something is counted. */
        COUNT,
        /** What was counted as far as the writer had seen it counts no longer. */
        RESET,
        /** The edits that the writer had seen are deleted. */
        DELETE
    }

    static Effect put() {
        return new Effect(Type.PUT, "", null, false);
    }

    static Effect uncover(String place) {
        return new Effect(Type.UNCOVER, place, null, false);
    }

    static Effect assign(String place, @Nullable Value value) {
        return new Effect(Type.ASSIGN, place, value, false);
    }

    static Effect add(String place, Value value) {
        return new Effect(Type.ADD, place, value, false);
    }

    static Effect remove(String place, @Nullable Value value) {
        return new Effect(Type.REMOVE, place, value, false);
    }

    static Effect count(String place, double by) {
        return new Effect(Type.COUNT, place, Value.of(by), false);
    }

    static Effect delete() {
        return new Effect(Type.DELETE, "", null, false);
    }

    Effect weakened() {
        return new Effect(type, place, value, true);
    }
}
