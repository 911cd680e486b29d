package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.util.List;

/**
 * How a generation ended: the first of the pages that an attempt at closing it has written.
 *
 * @param logs the generation's logs
 * @param cut where each of them ends: what stands beyond is void
 * @param firstRecorded when its first entry was recorded, in Unix milliseconds; {@link Long#MAX_VALUE} if it has none
 * @param lastRecorded when its last entry was recorded; for a new epoch, when that began
 * @param drops whether something was dropped
 * @param pages how many pages tell which documents were written anew, each at least one
 * @param renewedEpoch the epoch that begins; 0 if none does
 */
record Turn(
        List<Long> logs,
        VersionVector cut,
        long firstRecorded,
        long lastRecorded,
        boolean drops,
        int pages,
        long renewedEpoch) {
    /** What a page holds at most, besides its last document. */
    static final int MAX_PAGE_BYTES = 1 << 20;

    private static final int FORM = 1;

    Turn {
        logs = List.copyOf(logs);
    }

    /** Whether there is what a point in the generation has read. */
    boolean holds(Point point) {
        return cut.covers(point.read()) && point.page() <= pages;
    }

    byte[] toBytes() {
        Encoder out = Encoder.form(FORM).fixed(logs);
        cut.write(out);
        return out.fixed(firstRecorded)
                .fixed(lastRecorded)
                .flag(drops)
                .number(pages)
                .fixed(renewedEpoch)
                .toBytes();
    }

    static Turn parse(byte[] bytes) {
        Decoder in = Decoder.form(FORM, bytes);
        return new Turn(
                in.fixedList(),
                VersionVector.read(in),
                in.fixed(),
                in.fixed(),
                in.flag(),
                (int) in.number(),
                in.fixed());
    }
}
