package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Value;
import java.util.stream.Collectors;

/**
 * A column of the table of a collection: a field. What is in files is a set as an array of texts, a counter as a number, a flag as a boolean, and everything else as text; a register's text becomes a number or a boolean
 * where all of them are, which is known by what was written so far.
 */
final class Column {
    /** The type of what a query finds. */
    static final String ANY = "ANY";

    static final String BOOLEAN = "BOOLEAN";
    private static final String NUMBER = "DOUBLE";

    private final String field;
    private final FieldType type;
    private boolean booleans;
    private boolean numbers;
    private boolean others;

    Column(String field, FieldType type) {
        this.field = field;
        this.type = type;
    }

    String field() {
        return field;
    }

    /** Notes what a value is like. */
    void observe(Value value) {
        booleans |= value.tree() instanceof Boolean;
        numbers |= value.tree() instanceof Double;
        others |= !(value.tree() instanceof Boolean) && !(value.tree() instanceof Double);
    }

    /** The type in files. */
    String storedType() {
        return switch (type) {
            case SET -> "ARRAY<VARCHAR>";
            case COUNTER -> NUMBER;
            case FLAG -> BOOLEAN;
            case REGISTER, MULTI, MAP -> "VARCHAR";
        };
    }

    /** The type in queries. */
    String type() {
        return switch (type) {
            case COUNTER -> NUMBER;
            case FLAG -> BOOLEAN;
            case REGISTER -> others || booleans == numbers ? ANY : booleans ? BOOLEAN : NUMBER;
            case SET, MULTI, MAP -> ANY;
        };
    }

    /** What a query selects. */
    String expression(String stored) {
        return type().equals(ANY) ? stored : "CAST(" + stored + " AS " + type() + ")";
    }

    /** The value's JSON in a file. */
    String json(Value value) {
        return switch (type) {
            case SET ->
                value.elements().stream()
                        .map(element -> quote(shown(element)))
                        .collect(Collectors.joining(",", "[", "]"));
            case COUNTER, FLAG -> value.text();
            case REGISTER -> quote(shown(value));
            case MULTI, MAP -> quote(value.text());
        };
    }

    /** A string as itself, everything else as its JSON. */
    static String shown(Value value) {
        return value.tree() instanceof String text ? text : value.text();
    }

    /** A text as a JSON string. */
    static String quote(String text) {
        return Value.of(text).text();
    }
}
