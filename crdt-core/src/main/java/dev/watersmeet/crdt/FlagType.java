package dev.watersmeet.crdt;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The enable-wins flag: an observed-remove set that has one element or none. Shapiro, Preguiça, Baquero and Zawirski (2011), as of the set. */
final class FlagType implements FieldType.Convention {
    private static final Value ON = Value.of(true);
    private static final Value OFF = Value.of(false);
    private static final Value ONLY_ON = Value.of(List.of(true));
    private static final FieldType.Convention SET = new SetType();

    @Override
    public Value read(Map<Path, Cell> cells) { // M-35
        return SetType.elements(own(cells)).isEmpty() ? OFF : ON;
    }

    @Override
    public void diff(
            String field, Map<Path, Cell> cells, @Nullable Value read, @Nullable Value put, Edit edit) { // M-35
        Value after = elements(put);
        if (after == null) {
            throw MalformedException.of(
                    "the field " + CanonicalWriter.quote(field) + " is a flag: its value is true or false",
                    String.valueOf(put));
        }
        SET.diff(field, own(cells), elements(read), after, edit);
    }

    /** The cells of the element that a flag has; a set under another schema may have had others. */
    private static Map<Path, Cell> own(Map<Path, Cell> cells) {
        Map<Path, Cell> own = new HashMap<>(cells);
        own.keySet().removeIf(path -> !path.element().equals(ON));
        return own;
    }

    /** The flag as a set; off if the field is absent or undefined, null if it holds something else. */
    private static @Nullable Value elements(@Nullable Value value) {
        if (value == null || value.equals(OFF) || value.equals(Value.UNDEFINED)) { // M-5
            return SetType.EMPTY;
        }
        return value.equals(ON) ? ONLY_ON : null;
    }

    @Override
    public void clear(Map<Path, Cell> cells, Edit edit) {
        SET.clear(cells, edit);
    }
}
