package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Mark;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** A mark as it is stored under its replica: the form's number, the principal, the push's number, the nonce, the outcome. */
final class MarkBytes {
    private static final int FORM = 1;

    private MarkBytes() {}

    static byte[] of(Mark mark) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(FORM);
        Bytes.put(out, Keys.strictUtf8(mark.principal()));
        Bytes.putNumber(out, mark.number());
        Bytes.put(out, Keys.strictUtf8(mark.nonce()));
        Bytes.put(out, Keys.strictUtf8(mark.outcome()));
        return out.toByteArray();
    }

    /** What tells the mark from the others of its replica. */
    static FormerMark parseFormer(byte[] bytes) {
        return read(bytes, in -> {
            Bytes.bytes(in);
            return new FormerMark(Bytes.number(in), Bytes.text(in));
        });
    }

    static Mark parse(ReplicaId replica, byte[] bytes) {
        return read(bytes, in -> new Mark(replica, Bytes.text(in), Bytes.number(in), Bytes.text(in), Bytes.text(in)));
    }

    private static <T> T read(byte[] bytes, Function<ByteBuffer, T> parts) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Bytes.expectForm(in, FORM);
        try {
            return parts.apply(in);
        } catch (IllegalArgumentException e) { // nobody has written such a mark: what is stored is damaged
            throw MalformedException.of("what is stored is not a mark: " + e.getMessage());
        }
    }
}
