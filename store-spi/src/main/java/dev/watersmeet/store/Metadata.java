package dev.watersmeet.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A small map that belongs to a space: what must be decided once, among all nodes (S-17). Thread-safe. */
public interface Metadata {
    /** The longest key, in characters. */
    int MAX_KEY_LENGTH = 256;

    /** The longest value, in characters. */
    int MAX_VALUE_LENGTH = 16 * 1024;

    /** The value of a key. */
    Optional<String> get(String key);

    /**
     * Sets a key's value if it is the expected one. Durable when it returns true.
     *
     * <p><b>S-17</b> Of several who expect the same value one sets it, whatever instance they use; who reads later reads what was set. Keys and values come back as they were, up to their bounds; what is longer is refused as {@link StoreException.Kind#TOO_LARGE}.
     *
     * @param expected null where the key has no value yet
     */
    boolean compareAndSet(String key, @Nullable String expected, String value);

    /**
     * Checks a key and a value: what every store does first when it sets one.
     *
     * @throws StoreException of kind {@code TOO_LARGE} if one is too long
     */
    static void checkLength(String key, String value) {
        if (key.length() > MAX_KEY_LENGTH) {
            throw new StoreException(
                    StoreException.Kind.TOO_LARGE,
                    "a key of the metadata has at most " + MAX_KEY_LENGTH + " characters; found " + key.length());
        }
        if (value.length() > MAX_VALUE_LENGTH) {
            throw new StoreException(
                    StoreException.Kind.TOO_LARGE,
                    "the metadata's " + key + " has at most " + MAX_VALUE_LENGTH + " characters; found "
                            + value.length());
        }
    }
}
