package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.openjdk.jol.info.GraphLayout;

/** What is counted rather than timed: bytes in memory and on the wire. */
final class Sizes {
    private static final int CELLS = 100_000;

    private Sizes() {}

    /** Bytes of heap an entry of a map, keys included; the value is one object that all share. */
    static Score memory(Contender contender) {
        ReplicatedMap map = contender.newMap();
        map.fill(0, CELLS);
        return new Score(
                contender, (double) GraphLayout.parseInstance(map.held()).totalSize() / CELLS);
    }

    /** All updates of the document workload, each with its own value, as one delta. */
    static byte[] wire(Contender contender) {
        return switch (contender) {
            case WATERSMEET -> bytes(contender, MessageForm.BATCH);
            case YJS -> YjsUpdates.encode(1);
            case YJS_V2 -> YjsUpdates.encode(2);
            default -> bytes(contender, MessageForm.JSON);
        };
    }

    /** What travels: our cells as a page of the merge format; Automerge's delta is bytes already. */
    @SuppressWarnings("unchecked") // ours is a list of documents
    private static byte[] bytes(Contender contender, MessageForm form) {
        Object delta = delta(contender);
        return delta instanceof byte[] bytes
                ? bytes
                : MergeFormat.writePage(MergeFormatCodec.page((List<DocumentCells>) delta), form);
    }

    private static Object delta(Contender contender) {
        try (ReplicatedMap base = contender.newDocuments()) {
            base.fill(0, Updates.KEYS);
            try (ReplicatedMap writer = base.copy()) {
                Updates.each(writer::write, () -> {});
                return writer.takeDelta();
            }
        }
    }

    /** Compressed as our transports do it. */
    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }
}
