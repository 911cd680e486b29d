package dev.watersmeet.crdt;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the edits of a field are merged. A type is a convention about paths and cells; merging itself knows nothing of it. */
public enum FieldType {
    /** The latest write wins (M-14). What no schema names is a register. */
    REGISTER(new RegisterType()),
    /** An observed-remove set: of an addition and a concurrent removal of an element the addition wins (M-12). */
    SET(new SetType()),
    /** A number to which concurrent additions and subtractions all count (M-13). */
    COUNTER(new CounterType()),
    /**
     * A register that keeps concurrent writes apart for the application to resolve (M-23). One value reads as itself, several as the record
     * {@code {"$conflict": [value, …]}}, whose {@link Value#fields() fields} name them.
     */
    MULTI(new MultiType()),
    /** A nested object that merges leaf by leaf; arrays and tagged values are leaves (M-25). */
    MAP(new MapType());

    @SuppressWarnings("ImmutableEnumChecker") // conventions have no state
    private final Convention convention;

    FieldType(Convention convention) {
        this.convention = convention;
    }

    Convention convention() {
        return convention;
    }

    /** What a type does with the cells of one field. */
    interface Convention {
        /** The field's value, or null where it is absent. */
        @Nullable
        Value read(Map<Path, Cell> cells);

        /** Adds to the edit what brings the field from the value read to the value put; null is an absent field. */
        void diff(String field, Map<Path, Cell> cells, @Nullable Value read, @Nullable Value put, Edit edit);

        /** Adds to the edit what makes the field as if it had never been written. */
        void clear(Map<Path, Cell> cells, Edit edit);
    }
}
