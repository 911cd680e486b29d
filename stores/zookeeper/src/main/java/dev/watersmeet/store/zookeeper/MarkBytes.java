package dev.watersmeet.store.zookeeper;

import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;

/** A mark in its znode. */
final class MarkBytes {
    private static final int FORM = 1;

    private MarkBytes() {}

    static byte[] of(Mark mark) {
        return Encoder.form(FORM)
                .fixed(mark.replica().bits())
                .text(mark.principal())
                .number(mark.number())
                .text(mark.nonce())
                .text(mark.outcome())
                .toBytes();
    }

    static Mark parse(byte[] bytes) {
        Decoder in = Decoder.form(FORM, bytes);
        return new Mark(new ReplicaId(in.fixed()), in.text(), in.number(), in.text(), in.text());
    }
}
