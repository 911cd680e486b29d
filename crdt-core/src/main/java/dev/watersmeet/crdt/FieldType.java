package dev.watersmeet.crdt;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the edits of a field are merged. A type is a convention about paths and cells; merging itself knows nothing of it. */
public enum FieldType {
    /** The latest write wins (M-14). What no schema names is a register. */
    REGISTER(new RegisterType(), Kind.REGISTER),
    /** An observed-remove set: of an addition and a concurrent removal of an element the addition wins (M-12). */
    SET(new SetType(), Kind.SET),
    /** A number to which concurrent additions and subtractions all count (M-13). */
    COUNTER(new CounterType(), Kind.COUNTER, Kind.COUNTER_BASE),
    /**
     * A register that keeps concurrent writes apart for the application to resolve (M-23). One value reads as itself, several as the record
     * {@code {"$conflict": [value, …]}}, whose {@link Value#fields() fields} name them.
     */
    MULTI(new MultiType(), Kind.MULTI),
    /** A nested object that merges leaf by leaf; arrays and tagged values are leaves (M-25). */
    MAP(new MapType(), Kind.MAP),
    /** A boolean that is {@code false} until it is switched on: of switching on and a concurrent switching off, on wins (M-35). A set of one element. */
    FLAG(new FlagType(), Kind.SET);

    /** By kind, the first type that reads it. */
    private static final Map<Kind, FieldType> FIRST = new EnumMap<>(Kind.class);

    static {
        for (FieldType type : values()) {
            type.kinds.forEach(kind -> FIRST.putIfAbsent(kind, type));
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // conventions have no state
    private final Convention convention;

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final List<Kind> kinds;

    /** @param kinds the kinds of the cells that the type reads and writes: its own, or all those of a type above */
    FieldType(Convention convention, Kind... kinds) {
        this.convention = convention;
        this.kinds = List.of(kinds);
    }

    Convention convention() {
        return convention;
    }

    List<Kind> kinds() {
        return kinds;
    }

    /** Whether the type reads and writes cells of a kind; others at its field are kept and not shown (M-14). */
    public boolean reads(Kind kind) {
        return kinds.contains(kind);
    }

    /** The first type that reads cells of a kind, under which they are grouped whatever a schema makes of their field; null if they are of no field. */
    public static @Nullable FieldType reading(Kind kind) {
        return FIRST.get(kind);
    }

    /** The type under which the cells are grouped that this one reads: itself, or one with the same kinds. */
    FieldType family() {
        return FIRST.getOrDefault(kinds.get(0), this);
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

    /** What a type does with the cells of one field, which are of its kinds. Has no state. */
    interface Convention {
        /** The field's value, or null where it is absent. */
        @Nullable
        Value read(Map<Path, Cell> cells);

        /** Adds to the edit what brings the field from the value read to the value put; null is an absent field. */
        void diff(String field, Map<Path, Cell> cells, @Nullable Value read, @Nullable Value put, Edit edit);

        /** Whether some cell is live, so that the record is an object whatever its root value is (M-15). */
        default boolean isLive(Map<Path, Cell> cells) {
            return !cells.values().stream().allMatch(Cell::removed);
        }

        /** Adds to the edit what makes the field as if it had never been written. */
        void clear(Map<Path, Cell> cells, Edit edit);
    }
}
