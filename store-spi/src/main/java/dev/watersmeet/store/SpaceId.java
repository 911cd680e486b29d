package dev.watersmeet.store;

import dev.watersmeet.crdt.MalformedException;
import java.util.regex.Pattern;

/**
 * The name of a space: a set of documents that is synchronised and authorised as one (P-1).
 *
 * @param name 1 to 128 letters, digits, {@code -}, {@code _}, {@code .}, {@code ~} of ASCII, not starting with {@code .}
 */
public record SpaceId(String name) implements Comparable<SpaceId> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,127}");

    public SpaceId {
        if (!NAME.matcher(name).matches()) {
            throw MalformedException.of(
                    "a space's name has 1 to 128 letters, digits, '-', '_', '.', '~', and does not start with '.'",
                    name);
        }
    }

    /** The space of that name. */
    public static SpaceId of(String name) {
        return new SpaceId(name);
    }

    @Override
    public int compareTo(SpaceId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
