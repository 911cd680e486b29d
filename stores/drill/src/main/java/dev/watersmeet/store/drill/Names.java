package dev.watersmeet.store.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The names of files and folders: of lower-case letters, digits and hyphens only, so that no file system takes two of them for one, and none is a part of a path. */
final class Names {
    private static final int READABLE = 40;
    private static final int HASH_BYTES = 16;
    private static final HexFormat HEX = HexFormat.of();

    private Names() {}

    /** A name for a text: what can be read of it, and a part of its SHA-256, by which no two have the same. */
    static String of(String text) {
        StringBuilder readable = new StringBuilder();
        text.chars().limit(READABLE).forEach(c -> readable.append(isPlain(c) ? (char) c : '-'));
        return readable + "-" + HEX.formatHex(sha256(text), 0, HASH_BYTES);
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A number as a part of a name, in 16 digits. */
    static String of(long number) {
        return HEX.toHexDigits(number);
    }

    static long number(String name) {
        return HexFormat.fromHexDigitsToLong(name);
    }
}
