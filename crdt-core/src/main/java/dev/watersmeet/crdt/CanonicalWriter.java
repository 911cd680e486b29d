package dev.watersmeet.crdt;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON trees as RFC 8785 describes (M-4). A tree is made of {@code null}, {@link Boolean}, {@link Number}, {@link CharSequence}, {@link List}, {@link Map} with
 * string keys, and {@link Value}.
 */
final class CanonicalWriter {
    private static final double EXACT_INTEGERS = 9007199254740992.0;
    private static final int MAX_PRECISION = 17;

    /** A depth to begin at that lets trees nest as deep as they do. */
    static final int UNBOUNDED = Integer.MIN_VALUE;

    private CanonicalWriter() {}

    static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2);
        string(text, out);
        return out.toString();
    }

    static void tree(@Nullable Object tree, StringBuilder out, int depth) {
        if (tree == null) {
            out.append("null");
        } else if (tree instanceof Value value) {
            if (depth > 0 && depth + value.depth() > Value.MAX_DEPTH) {
                throw tooDeep();
            }
            out.append(value.text());
        } else if (tree instanceof CharSequence text) {
            string(text.toString(), out);
        } else if (tree instanceof Number number) {
            number(exact(number), out);
        } else if (tree instanceof Boolean flag) {
            out.append(flag.booleanValue());
        } else if (tree instanceof List<?> list) {
            array(list, out, nested(depth));
        } else if (tree instanceof Map<?, ?> map) {
            object(map, out, nested(depth));
        } else {
            throw MalformedException.of(
                    "a value is null, a boolean, a number, a string, a list or a map",
                    tree.getClass().getName());
        }
    }

    /** The depth inside of a container. */
    static int nested(int depth) {
        if (depth == Value.MAX_DEPTH) {
            throw tooDeep();
        }
        return depth + 1;
    }

    private static MalformedException tooDeep() {
        return MalformedException.of("a value nests at most " + Value.MAX_DEPTH + " levels");
    }

    private static void array(List<?> list, StringBuilder out, int depth) {
        char separator = '[';
        for (Object member : list) {
            out.append(separator);
            tree(member, out, depth);
            separator = ',';
        }
        out.append(separator == '[' ? "[]" : "]");
    }

    private static void object(Map<?, ?> map, StringBuilder out, int depth) {
        Map<String, @Nullable Object> sorted = new TreeMap<>(); // String's order is that of UTF-16 code units
        map.forEach((key, member) -> {
            if (!(key instanceof String name)) {
                throw MalformedException.of("an object's keys are strings", String.valueOf(key));
            }
            sorted.put(name, member);
        });
        char separator = '{';
        for (Map.Entry<String, @Nullable Object> member : sorted.entrySet()) {
            out.append(separator);
            string(member.getKey(), out);
            out.append(':');
            tree(member.getValue(), out, depth);
            separator = ',';
        }
        out.append(separator == '{' ? "{}" : "}");
    }

    static void string(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                control(c, out);
            } else if (!Character.isSurrogate(c)) {
                out.append(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                out.append(c).append(text.charAt(++i));
            } else {
                unicode(c, out);
            }
        }
        out.append('"');
    }

    /** Whether a text has no lone surrogate. */
    static boolean wellFormed(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    private static void control(char c, StringBuilder out) {
        switch (c) {
            case '\b' -> out.append("\\b");
            case '\t' -> out.append("\\t");
            case '\n' -> out.append("\\n");
            case '\f' -> out.append("\\f");
            case '\r' -> out.append("\\r");
            default -> unicode(c, out);
        }
    }

    private static void unicode(char c, StringBuilder out) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(c >> shift & 15, 16));
        }
    }

    /** A number as a double, which must not lose digits that somebody wrote down. */
    private static double exact(Number number) {
        if (number instanceof Double || number instanceof Integer || number instanceof Float) {
            return number.doubleValue();
        }
        BigDecimal digits = digits(number);
        double nearest = digits.doubleValue();
        if (!Double.isFinite(nearest)
                || (digits.compareTo(new BigDecimal(nearest)) != 0 && digits.compareTo(written(nearest)) != 0)) {
            throw MalformedException.of(
                    "a number is a double, which this is not; a BigInteger or a string keeps all digits",
                    number.toString());
        }
        return nearest;
    }

    private static BigDecimal digits(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        try {
            return new BigDecimal(number.toString());
        } catch (NumberFormatException e) {
            throw MalformedException.of("a number is written in decimal digits", number.toString());
        }
    }

    private static BigDecimal written(double number) {
        StringBuilder out = new StringBuilder();
        number(number, out);
        return new BigDecimal(out.toString());
    }

    /** Number::toString of ECMA-262. */
    static void number(double number, StringBuilder out) {
        if (!Double.isFinite(number)) {
            throw MalformedException.of("a number is a finite double", Double.toString(number));
        }
        if (number == Math.rint(number) && Math.abs(number) <= EXACT_INTEGERS) {
            out.append((long) number);
            return;
        }
        BigDecimal exact = new BigDecimal(Math.abs(number));
        if (number < 0) {
            out.append('-');
        }
        decimal(shortest(exact, Math.abs(number)), out);
    }

    /** The decimal with the fewest digits that reads back as the number, and of those the closest. (Java 17's Double.toString is not that.) */
    private static BigDecimal shortest(BigDecimal exact, double number) {
        for (int precision = 1; precision < MAX_PRECISION; precision++) {
            BigDecimal down = exact.round(new MathContext(precision, RoundingMode.DOWN));
            BigDecimal up = exact.round(new MathContext(precision, RoundingMode.UP));
            boolean downFits = down.doubleValue() == number;
            boolean upFits = up.doubleValue() == number;
            if (downFits && upFits) {
                return exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
            }
            if (downFits || upFits) {
                return downFits ? down : up;
            }
        }
        return exact.round(new MathContext(MAX_PRECISION, RoundingMode.HALF_EVEN));
    }

    private static void decimal(BigDecimal shortest, StringBuilder out) {
        BigDecimal stripped = shortest.stripTrailingZeros();
        String digits = stripped.unscaledValue().toString();
        int point = digits.length() - stripped.scale(); // the number is 0.digits × 10^point
        if (point > 21 || point < -5) {
            out.append(digits.charAt(0));
            if (digits.length() > 1) {
                out.append('.').append(digits, 1, digits.length());
            }
            out.append('e').append(point > 0 ? "+" : "").append(point - 1);
        } else if (point <= 0) {
            out.append("0.").append("0".repeat(-point)).append(digits);
        } else if (point < digits.length()) {
            out.append(digits, 0, point).append('.').append(digits, point, digits.length());
        } else {
            out.append(digits).append("0".repeat(point - digits.length()));
        }
    }
}
