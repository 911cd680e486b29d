package dev.watersmeet.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A small map that belongs to a space: what must be decided once, among all nodes (S-17). Thread-safe. */
public interface Metadata {
    /** The longest value, in characters. */
    int MAX_VALUE_LENGTH = 16 * 1024;

    /** The value of a key. */
    Optional<String> get(String key);

    /**
     * Sets a key's value if it is the expected one. Durable when it returns true.
     *
     * <p><b>S-17</b> Of several who expect the same value one sets it, whatever instance they use; who reads later reads what was set. Keys and values come back as they were.
     *
     * @param expected null where the key has no value yet
     */
    boolean compareAndSet(String key, @Nullable String expected, String value);

    /**
     * Checks a value: what every store does first when it sets one.
     *
     * @throws StoreException of kind {@code TOO_LARGE} if it is too long
     */
    static void checkLength(String key, String value) {
        if (value.length() > MAX_VALUE_LENGTH) {
            throw new StoreException(
                    StoreException.Kind.TOO_LARGE,
                    "the metadata's " + key + " has at most " + MAX_VALUE_LENGTH + " characters; found "
                            + value.length());
        }
    }
}
