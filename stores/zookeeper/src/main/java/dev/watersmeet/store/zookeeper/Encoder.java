package dev.watersmeet.store.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.MalformedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;

/** Puts the data of a znode together; a {@link Decoder} takes them apart. The first byte is the form's number. */
final class Encoder {
    private static final int MORE = 0x80;
    private static final int DIGIT = 0x7f;
    private static final int DIGIT_BITS = 7;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Encoder() {}

    static Encoder form(int form) {
        Encoder encoder = new Encoder();
        encoder.out.write(form);
        return encoder;
    }

    /** A number, in few bytes if it is small and not negative. */
    Encoder number(long number) {
        long rest = number;
        while ((rest & ~DIGIT) != 0) {
            out.write((int) (rest & DIGIT) | MORE);
            rest >>>= DIGIT_BITS;
        }
        out.write((int) rest);
        return this;
    }

    /** A number in eight bytes. */
    Encoder fixed(long number) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        return this;
    }

    Encoder fixed(List<Long> numbers) {
        number(numbers.size());
        numbers.forEach(this::fixed);
        return this;
    }

    Encoder bytes(byte[] bytes) {
        number(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    /** A text without lone surrogates, which have no UTF-8. */
    Encoder text(String text) {
        try {
            ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes(bytes);
        } catch (CharacterCodingException e) {
            throw MalformedException.of("a stored text has no lone surrogates", text);
        }
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
