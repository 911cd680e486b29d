package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of a replica: its last mark, and which entry it came with. All earlier entries with marks of the replica are decided, and those that count are complete, for nobody moves the record on before.
 *
 * @param mark null where only an entry was voided that would have been the first
 * @param position the entry that the mark came with
 */
record MarkRecord(@Nullable Mark mark, Position position) {
    private static final int FORM = 1;

    static final MarkRecord NONE = new MarkRecord(null, new Position(0, 0, 0));

    /**
     * Where an entry is.
     *
     * @param generation of its log
     * @param log the log's id
     * @param sequence within the log
     */
    record Position(long generation, long log, long sequence) {}

    FormerMark former() {
        return FormerMark.of(Optional.ofNullable(mark));
    }

    byte[] toBytes() {
        Encoder out = Encoder.form(FORM)
                .number(position.generation)
                .fixed(position.log)
                .number(position.sequence)
                .flag(mark != null);
        if (mark != null) {
            Entry.writeMark(out, mark);
        }
        return out.toBytes();
    }

    static MarkRecord parse(@Nullable Versioned stored) {
        if (stored == null) {
            return NONE;
        }
        Decoder in = Decoder.form(FORM, stored.bytes());
        Position position = new Position(in.number(), in.fixed(), in.number());
        return new MarkRecord(in.flag() ? Entry.readMark(in) : null, position);
    }
}
