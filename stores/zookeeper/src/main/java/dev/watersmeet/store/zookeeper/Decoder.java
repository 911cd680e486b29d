package dev.watersmeet.store.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Value;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Takes apart what an {@link Encoder} has put together. Throws {@link MalformedException} or {@link BufferUnderflowException} for anything else. */
final class Decoder {
    private static final int DIGIT = 0x7f;
    private static final int DIGIT_BITS = 7;

    private final ByteBuffer in;

    private Decoder(ByteBuffer in) {
        this.in = in;
    }

    static Decoder form(int form, byte[] bytes) {
        Decoder decoder = new Decoder(ByteBuffer.wrap(bytes));
        int found = decoder.in.get();
        if (found != form) {
            throw MalformedException.of("what is stored has form " + form + ", not " + found);
        }
        return decoder;
    }

    long number() {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += DIGIT_BITS) {
            byte digit = in.get();
            number |= (long) (digit & DIGIT) << shift;
            if (digit >= 0) {
                return number;
            }
        }
        throw MalformedException.of("a number has at most " + Long.SIZE + " bits");
    }

    /** A number of parts that follow, each of at least one byte. */
    int count() {
        long count = number();
        if (count < 0 || count > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return (int) count;
    }

    long fixed() {
        return in.getLong();
    }

    List<Long> fixedList() {
        List<Long> numbers = new ArrayList<>();
        for (int rest = count(); rest > 0; rest--) {
            numbers.add(fixed());
        }
        return numbers;
    }

    byte[] bytes() {
        byte[] bytes = new byte[count()];
        in.get(bytes);
        return bytes;
    }

    String text() {
        return new String(bytes(), UTF_8);
    }

    DocumentId documentId() {
        return new DocumentId(text(), Value.ofCanonical(text()));
    }
}
