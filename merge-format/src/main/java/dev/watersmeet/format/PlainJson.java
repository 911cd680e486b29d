package dev.watersmeet.format;

/**
 * Sees at a glance that a value of JSON stands in its canonical form already: strings of printable ASCII without anything that is escaped, and integers of few digits.
 *
 * <p>What is not seen to be plain may be canonical all the same.
 */
final class PlainJson {
    /** Integers of fewer digits are written as they are by ECMAScript, and are exact. */
    private static final int MAX_DIGITS = 15;

    private PlainJson() {}

    /** Whether a plain value may begin with a character. */
    static boolean mayBegin(char first) {
        return first == '"' || first == '-' || isDigit(first);
    }

    /** Whether a whole text is a plain value. */
    static boolean isPlain(String text) {
        return !text.isEmpty() && endOfPlain(text, 0) == text.length();
    }

    /** Where the value ends that begins at a place of a longer text; -1 if it has to be parsed. */
    static int end(String text, int from) {
        if (from == text.length()) {
            return -1;
        }
        int end = endOfPlain(text, from);
        boolean ends = text.charAt(from) == '"' || (end >= 0 && endsThere(text, end));
        return ends ? end : -1;
    }

    private static int endOfPlain(String text, int from) {
        return text.charAt(from) == '"' ? endOfString(text, from + 1) : endOfInteger(text, from);
    }

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
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        int count = end - digits;
        boolean plain = count >= 1 && count <= MAX_DIGITS && (text.charAt(digits) != '0' || end - from == 1);
        return plain ? end : -1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Whether a value that ends here does not go on: a number may be one of another form, such as a fraction. */
    static boolean endsThere(String text, int end) {
        return end < text.length() && " \t\n\r,]}".indexOf(text.charAt(end)) >= 0;
    }
}
