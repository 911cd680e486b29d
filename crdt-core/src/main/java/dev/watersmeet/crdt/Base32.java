package dev.watersmeet.crdt;

import java.util.Arrays;

/** Crockford's base32 for fixed-width unsigned numbers: upper case, most significant digit first, order of texts = order of numbers. */
final class Base32 {
    private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final byte[] VALUES = new byte[128];

    /** What the first of 13 digits is at most, so that they hold 64 bits. */
    static final int GREATEST_FIRST_OF_64_BITS = 15;

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int digit = 0; digit < DIGITS.length; digit++) {
            VALUES[DIGITS[digit]] = (byte) digit;
        }
    }

    private Base32() {}

    /** The {@code digits} lowest digits of the number with the given high and low 64 bits. */
    static String format(long high, long low, int digits) {
        char[] text = new char[digits];
        for (int i = digits - 1; i >= 0; i--) {
            text[i] = DIGITS[(int) low & 31];
            low = low >>> 5 | high << 59;
            high >>>= 5;
        }
        return new String(text);
    }

    /** The 64 bits that a text of digits ends with. */
    static long parse(String text) {
        long bits = 0;
        for (int i = 0; i < text.length(); i++) {
            bits = bits << 5 | digit(text, i);
        }
        return bits;
    }

    /** The digit at a place of a text, or -1 if there is no digit of the alphabet. */
    static int digit(String text, int index) {
        char c = text.charAt(index);
        return c < VALUES.length ? VALUES[c] : -1;
    }

    /** Whether a text has exactly the given length, only digits, and a first digit not above {@code greatestFirst}. */
    static boolean matches(String text, int digits, int greatestFirst) {
        if (text.length() != digits || digit(text, 0) > greatestFirst) {
            return false;
        }
        for (int i = 0; i < digits; i++) {
            if (digit(text, i) < 0) {
                return false;
            }
        }
        return true;
    }
}
