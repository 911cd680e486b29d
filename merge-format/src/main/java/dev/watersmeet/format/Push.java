package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.MalformedException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A numbered push (P-4).
 *
 * @param number from 1
 * @param nonce 26 characters, fresh for each number
 * @param after the nonce of the last accepted push; null for the first
 * @param documents the documents, each once
 */
public record Push(long number, String nonce, @Nullable String after, List<PushedDocument> documents) {
    private static final Pattern NONCE = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");

    public Push {
        if (number < 1) {
            throw MalformedException.of("pushes are numbered from 1", Long.toString(number));
        }
        requireNonce(nonce);
        if (after != null) {
            requireNonce(after);
        }
        documents = List.copyOf(requireNonNull(documents));
    }

    private static void requireNonce(String nonce) {
        if (!NONCE.matcher(nonce).matches()) {
            throw MalformedException.of("a nonce is 26 characters of Crockford base32 that hold 128 bits", nonce);
        }
    }
}
