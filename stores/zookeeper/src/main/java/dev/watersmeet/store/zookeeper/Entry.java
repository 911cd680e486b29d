package dev.watersmeet.store.zookeeper;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.util.Collection;
import java.util.List;

/**
 * An entry of a space's log: batches that were joined together, or what a purge has dropped.
 *
 * @param purge whether the cells were dropped, and not written
 * @param recorded when it was recorded, in Unix milliseconds
 * @param documents the cells, each document once
 */
record Entry(boolean purge, long recorded, List<DocumentCells> documents) {
    private static final int FORM = 1;

    Entry {
        documents = List.copyOf(documents);
    }

    byte[] toBytes() {
        return toBytes(purge, recorded, documents.stream().map(Delta::part).toList());
    }

    /** The bytes of an entry of batches. */
    static byte[] toBytes(long recorded, Collection<Delta> deltas) {
        return toBytes(false, recorded, deltas.stream().map(Delta::part).toList());
    }

    private static byte[] toBytes(boolean purge, long recorded, List<byte[]> parts) {
        Encoder out = Encoder.form(FORM).number(purge ? 1 : 0).number(recorded).number(parts.size());
        parts.forEach(out::part);
        return out.toBytes();
    }

    /** When an entry was recorded, of which nothing else is looked at. */
    static long recorded(byte[] bytes) {
        Decoder in = Decoder.form(FORM, bytes);
        in.number();
        return in.number();
    }

    static Entry parse(byte[] bytes) {
        Decoder in = Decoder.form(FORM, bytes);
        boolean purge = in.number() != 0;
        long recorded = in.number();
        return new Entry(purge, recorded, in.documents());
    }
}
