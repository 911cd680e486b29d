package dev.watersmeet.crdt;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
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
    MAP(new MapType()),
    /** A boolean that is {@code false} until it is switched on: of switching on and a concurrent switching off, on wins (M-35). A set of one element. */
    FLAG(new FlagType());

    @SuppressWarnings("ImmutableEnumChecker") // conventions have no state
    private final Convention convention;

    FieldType(Convention convention) {
        this.convention = convention;
    }

    Convention convention() {
        return convention;
    }

    /** The type as whose cells this one's are kept. */
    FieldType keptAs() {
        return this == FLAG ? SET : this;
    }

    /** The type's name in a schema's JSON: {@code "set"} (M-36). */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Parses a type's name.
     *
     * @throws MalformedException if there is no such type
     */
    public static FieldType parse(String text) {
        for (FieldType type : values()) {
            if (type.text().equals(text)) {
                return type;
            }
        }
        throw MalformedException.of(
                Arrays.stream(values()).map(FieldType::text).collect(Collectors.joining(", ", "a type is one of ", "")),
                text);
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
