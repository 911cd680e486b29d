package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Value;
import java.util.List;
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

    private final int number;
    private final String field;
    private final FieldType type;
    private boolean booleans;
    private boolean numbers;
    private boolean others;

    Column(int number, String field, FieldType type) {
        this.number = number;
        this.field = field;
        this.type = type;
    }

    /** A column as it was when it was {@linkplain #state noted}. */
    static Column of(Value state, CollectionSchema schema) {
        List<Value> parts = state.elements();
        String field = String.valueOf(parts.get(1).tree());
        Column column = new Column((int) parts.get(0).number(), field, schema.type(field));
        column.booleans = parts.get(2).equals(Value.of(true));
        column.numbers = parts.get(3).equals(Value.of(true));
        column.others = parts.get(4).equals(Value.of(true));
        return column;
    }

    /** What has to be known to go on: its place, its field, and what the values were like. */
    Value state() {
        return Value.of(List.of((double) number, field, booleans, numbers, others));
    }

    /** Its place among the columns of its table, from 0. */
    int number() {
        return number;
    }

    String field() {
        return field;
    }

    /** What it is called in files. */
    String stored() {
        return "c" + number;
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
    String expression() {
        return type().equals(ANY) ? stored() : "CAST(" + stored() + " AS " + type() + ")";
    }

    /** The value's JSON in a file. */
    String json(Value value) {
        return switch (type) {
            case SET ->
                value.elements().stream()
                        .map(element -> Json.quote(shown(element)))
                        .collect(Collectors.joining(",", "[", "]"));
            case COUNTER, FLAG -> value.text();
            case REGISTER -> Json.quote(shown(value));
            case MULTI, MAP -> Json.quote(value.text());
        };
    }

    /** A string as itself, everything else as its JSON. */
    static String shown(Value value) {
        return value.tree() instanceof String text ? text : value.text();
    }
}
