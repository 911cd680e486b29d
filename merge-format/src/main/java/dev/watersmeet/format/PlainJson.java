package dev.watersmeet.format;

/** Sees where a value of JSON ends that stands in its canonical form already, and is so plain that this is seen at a glance. */
final class PlainJson {
    /** Integers of fewer digits are written as they are by ECMAScript, and are exact. */
    private static final int MAX_DIGITS = 15;

    private PlainJson() {}

    /** Where the value ends that begins at a place of a text; -1 if it has to be parsed. */
    static int end(String text, int from) {
        if (from == text.length()) {
            return -1;
        }
        return text.charAt(from) == '"' ? endOfString(text, from + 1) : endOfInteger(text, from);
    }

    /** Strings of ASCII without anything that is escaped. */
    private static int endOfString(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c < 0x20 || c > 0x7e || c == '\\') {
                return -1;
            }
        }
        return -1;
    }

    private static int endOfInteger(String text, int from) {
        int digits = text.charAt(from) == '-' ? from + 1 : from;
        int end = digits;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        int count = end - digits;
        boolean plain = count >= 1 && count <= MAX_DIGITS && (text.charAt(digits) != '0' || end - from == 1);
        return plain && endsThere(text, end) ? end : -1;
    }

    private static boolean endsThere(String text, int end) {
        return end < text.length() && " \t\n\r,]}".indexOf(text.charAt(end)) >= 0;
    }
}
