package dev.watersmeet.store.processlogs;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.util.ArrayList;
import java.util.List;

/**
 * A document that a purge writes anew, under the next generation.
 *
 * @param dropped the cells that it drops; none where a document is only gathered from many generations
 * @param left the cells that stay; none of a document that goes
 */
record Rewritten(DocumentCells dropped, DocumentCells left) {
    private static final int FORM = 1;

    Rewritten {
        requireNonNull(dropped);
        requireNonNull(left);
    }

    static byte[] toBytes(List<Rewritten> page) {
        Encoder out = Encoder.form(FORM).number(page.size());
        page.forEach(rewritten -> out.document(rewritten.dropped).document(rewritten.left));
        return out.toBytes();
    }

    static List<Rewritten> parse(byte[] bytes) {
        Decoder in = Decoder.form(FORM, bytes);
        List<Rewritten> page = new ArrayList<>();
        for (int rest = in.count(); rest > 0; rest--) {
            page.add(new Rewritten(in.document(), in.document()));
        }
        return page;
    }
}
