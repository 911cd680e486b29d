package dev.watersmeet.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A small map that belongs to a space: what must be decided once, among all nodes. Thread-safe. */
public interface Metadata {
    /** The longest value, in characters. */
    int MAX_VALUE_LENGTH = 16 * 1024;

    /** The value of a key. */
    Optional<String> get(String key);

    /**
     * Sets a key's value if it is the expected one. Durable when it returns true.
     *
     * @param expected null where the key has no value yet
     */
    boolean compareAndSet(String key, @Nullable String expected, String value);
}
