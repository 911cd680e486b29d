package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.util.function.Function;

/** A mark as it is stored under its replica: the form's number, the principal, the push's number, the nonce, the outcome. */
final class MarkBytes {
    private static final int FORM = 1;

    private MarkBytes() {}

    static byte[] of(Mark mark) {
        return Encoder.form(FORM)
                .bytes(Keys.strictUtf8(mark.principal()))
                .number(mark.number())
                .bytes(Keys.strictUtf8(mark.nonce()))
                .bytes(Keys.strictUtf8(mark.outcome()))
                .toBytes();
    }

    /** What tells the mark from the others of its replica. */
    static FormerMark parseFormer(byte[] bytes) {
        return read(bytes, in -> {
            in.bytes();
            return new FormerMark(in.number(), in.text());
        });
    }

    static Mark parse(ReplicaId replica, byte[] bytes) {
        return read(bytes, in -> new Mark(replica, in.text(), in.number(), in.text(), in.text()));
    }

    private static <T> T read(byte[] bytes, Function<Decoder, T> parts) {
        Decoder in = Decoder.form(FORM, bytes);
        try {
            return parts.apply(in);
        } catch (IllegalArgumentException e) { // nobody has written such a mark: what is stored is damaged
            throw MalformedException.of("what is stored is not a mark: " + e.getMessage());
        }
    }
}
