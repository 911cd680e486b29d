package dev.watersmeet.store.geode.function;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of a region holds, as bytes: layers, one for each generation, of parts that have a name. Joining keeps the greater value of each part, as unsigned bytes, and the greater floor, below which no layer counts. So
 * it is commutative, associative and idempotent, also where one of the two is only a change. There is one sequence of bytes for one state.
 *
 * <p>The form (1 byte), the floor, and the layers by their generations; each of these its generation, the length of its parts, and these by their names: the length of the name, the name, the length of the value, the value. Numbers
 * are not negative, and have seven bits a byte, the least first.
 */
public final class Layers {
    private static final int FORM = 1;
    private static final int MORE = 0x80;
    private static final int DIGIT = 0x7f;
    private static final int DIGIT_BITS = 7;

    private Layers() {}

    /** What is stored is of no form that is known. */
    public static final class UnreadableException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        UnreadableException(String message) {
            super("what is stored in Geode cannot be read: " + message);
        }
    }

    /** Takes the parts of a state, one after the other. */
    @FunctionalInterface
    public interface Visitor {
        /** Takes a part. */
        void part(long generation, byte[] name, byte[] value);
    }

    /**
     * A state, or a change, of one layer.
     *
     * @param parts values by names, sorted by {@link Arrays#compareUnsigned(byte[], byte[])}
     */
    public static byte[] layer(long generation, Iterable<Map.Entry<byte[], byte[]>> parts) {
        Writer layer = new Writer();
        for (Map.Entry<byte[], byte[]> part : parts) {
            layer.bytes(part.getKey(), 0, part.getKey().length);
            layer.bytes(part.getValue(), 0, part.getValue().length);
        }
        return new Writer().form(0).layer(generation, layer).toByteArray();
    }

    /** The change that drops a generation and those before it, now and for ever. */
    public static byte[] drop(long generation) {
        return new Writer().form(generation + 1).toByteArray();
    }

    /** Whether nothing counts that is there: all was dropped, or nothing was ever written. */
    public static boolean isEmpty(byte[] state) {
        Reader in = new Reader(state);
        return !in.hasMore();
    }

    /** Visits the parts of a state, layer after layer. */
    public static void forEach(byte[] state, Visitor visitor) {
        Reader in = new Reader(state);
        while (in.hasMore()) {
            long generation = in.number();
            Reader parts = in.part();
            while (parts.hasMore()) {
                visitor.part(generation, parts.bytes(), parts.bytes());
            }
        }
    }

    /**
     * Joins a state with a change, or with another state.
     *
     * @param state null for none
     * @return the joined state; {@code state} itself if nothing has changed
     */
    public static byte[] join(byte @Nullable [] state, byte[] change) {
        if (state == null) {
            return change;
        }
        Reader mine = new Reader(state);
        Reader theirs = new Reader(change);
        long floor = Math.max(mine.floor, theirs.floor);
        Writer out = new Writer().form(floor);
        Layer a = mine.layerFrom(floor);
        Layer b = theirs.layerFrom(floor);
        while (a != null || b != null) {
            long generation =
                    Math.min(a == null ? Long.MAX_VALUE : a.generation, b == null ? Long.MAX_VALUE : b.generation);
            Writer parts = new Writer();
            joinParts(of(a, generation), of(b, generation), parts);
            out.layer(generation, parts);
            a = a != null && a.generation == generation ? mine.layerFrom(floor) : a;
            b = b != null && b.generation == generation ? theirs.layerFrom(floor) : b;
        }
        byte[] joined = out.toByteArray();
        return Arrays.equals(joined, state) ? state : joined;
    }

    private static Reader of(@Nullable Layer layer, long generation) {
        return layer != null && layer.generation == generation ? layer.parts : Reader.EMPTY;
    }

    private static void joinParts(Reader mine, Reader theirs, Writer out) {
        Part a = mine.next();
        Part b = theirs.next();
        while (a != null || b != null) {
            int order = a == null ? 1 : b == null ? -1 : a.compareNames(b);
            if (a != null && order < 0) {
                a.write(out);
            } else if (b != null && order > 0) {
                b.write(out);
            } else if (a != null && b != null) {
                (a.compareValues(b) >= 0 ? a : b).write(out);
            }
            a = order <= 0 ? mine.next() : a;
            b = order >= 0 ? theirs.next() : b;
        }
    }

    /** A layer that is being read. */
    private static final class Layer {
        final long generation;
        final Reader parts;

        Layer(long generation, Reader parts) {
            this.generation = generation;
            this.parts = parts;
        }
    }

    /** A part, where it stands. */
    private static final class Part {
        private final byte[] bytes;
        private final int name;
        private final int nameEnd;
        private final int value;
        private final int valueEnd;

        Part(byte[] bytes, int name, int nameEnd, int value, int valueEnd) {
            this.bytes = bytes;
            this.name = name;
            this.nameEnd = nameEnd;
            this.value = value;
            this.valueEnd = valueEnd;
        }

        int compareNames(Part other) {
            return Arrays.compareUnsigned(bytes, name, nameEnd, other.bytes, other.name, other.nameEnd);
        }

        int compareValues(Part other) {
            return Arrays.compareUnsigned(bytes, value, valueEnd, other.bytes, other.value, other.valueEnd);
        }

        void write(Writer out) {
            out.bytes(bytes, name, nameEnd - name);
            out.bytes(bytes, value, valueEnd - value);
        }
    }

    private static final class Reader {
        static final Reader EMPTY = new Reader(new byte[0], 0, 0);

        final long floor;
        private final byte[] bytes;
        private final int end;
        private int at;

        Reader(byte[] state) {
            bytes = state;
            end = state.length;
            if (end == 0 || state[0] != FORM) {
                throw new UnreadableException("it has form " + (end == 0 ? "none" : state[0]) + ", not " + FORM
                        + "; it was written by a later version, or by somebody else");
            }
            at = 1;
            floor = number();
        }

        private Reader(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.at = from;
            this.end = to;
            this.floor = 0;
        }

        boolean hasMore() {
            return at < end;
        }

        long number() {
            long number = 0;
            for (int shift = 0; ; shift += DIGIT_BITS) {
                if (!hasMore()) {
                    throw damaged();
                }
                byte digit = bytes[at++];
                number |= (long) (digit & DIGIT) << shift;
                if (digit >= 0) {
                    return number;
                }
            }
        }

        private UnreadableException damaged() {
            return new UnreadableException("it is damaged: bytes are missing at " + at + " of " + end);
        }

        private int length() {
            long length = number();
            if (length < 0 || length > end - at) {
                throw damaged();
            }
            return (int) length;
        }

        Reader part() {
            int length = length();
            at += length;
            return new Reader(bytes, at - length, at);
        }

        byte[] bytes() {
            int length = length();
            at += length;
            return Arrays.copyOfRange(bytes, at - length, at);
        }

        /** The next layer that counts above a floor. */
        @Nullable
        Layer layerFrom(long least) {
            while (hasMore()) {
                long generation = number();
                Reader parts = part();
                if (generation >= least) {
                    return new Layer(generation, parts);
                }
            }
            return null;
        }

        @Nullable
        Part next() {
            if (!hasMore()) {
                return null;
            }
            int nameLength = length();
            int name = at;
            at += nameLength;
            int valueLength = length();
            int value = at;
            at += valueLength;
            return new Part(bytes, name, name + nameLength, value, value + valueLength);
        }
    }

    private static final class Writer extends ByteArrayOutputStream {
        Writer form(long floor) {
            write(FORM);
            number(floor);
            return this;
        }

        void number(long number) {
            long rest = number;
            while ((rest & ~DIGIT) != 0) {
                write((int) (rest & DIGIT) | MORE);
                rest >>>= DIGIT_BITS;
            }
            write((int) rest);
        }

        void bytes(byte[] bytes, int from, int length) {
            number(length);
            write(bytes, from, length);
        }

        Writer layer(long generation, Writer parts) {
            if (parts.size() > 0) {
                number(generation);
                number(parts.size());
                write(parts.buf, 0, parts.count);
            }
            return this;
        }
    }
}
