package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import java.nio.BufferUnderflowException;
import java.util.Arrays;
import java.util.List;

/** The forms in which the embedded store keeps its records, which only this package sees. Reading one throws nothing but what the store takes as damage. */
public final class StoredForms {
    private static final SpaceId SPACE = SpaceId.of("shop");

    private StoredForms() {}

    private static void damagedOrRead(Runnable reading) {
        try {
            reading.run();
        } catch (MalformedException | BufferUnderflowException e) { // see Failures
            assertThat(e).isNotNull();
        }
    }

    public static void checkLogEntry(byte[] input) {
        damagedOrRead(() -> {
            LogEntry.isPurge(input);
            LogEntry.forEach(input, (id, path, cell, bytes) -> assertThat(bytes).isLessThanOrEqualTo(input.length));
            LogEntry.time(input);
        });
    }

    public static void checkMark(byte[] input) {
        damagedOrRead(() -> {
            Mark mark = MarkBytes.parse(new ReplicaId(1), input);
            assertThat(MarkBytes.parse(mark.replica(), MarkBytes.of(mark))).isEqualTo(mark);
        });
        damagedOrRead(() -> MarkBytes.parseFormer(input));
    }

    public static void checkHead(byte[] input) {
        damagedOrRead(() -> {
            SpaceHead head = SpaceHead.parse(input);
            assertThat(SpaceHead.parse(head.bytes())).isEqualTo(head);
        });
    }

    /** Of a cell's key behind its space. Bytes that are no UTF-8 are read as something else: that they have changed is for the checksums of RocksDB to tell. */
    public static void checkKey(byte[] input) {
        boolean text = Arrays.equals(new String(input, UTF_8).getBytes(UTF_8), input);
        damagedOrRead(() -> {
            byte[] document = Keys.documentOf(input, 0);
            Keys.parseDocument(document, 0);
            Path path = Keys.parsePath(input, document.length);
            assertThat(!text || Arrays.equals(Keys.cell(document, path), input)).isTrue();
        });
    }

    /** A batch's entry and a purge's. */
    public static List<byte[]> logEntries(DocumentCells document) {
        byte[] batch = LogEntry.batch(List.of(document)).document(document).toBytes();
        return List.of(batch, LogEntry.ofPurge(List.of(document)));
    }

    /** A mark. */
    public static List<byte[]> marks(ReplicaId replica, String nonce) {
        return List.of(MarkBytes.of(new Mark(replica, "ann", 3, nonce, "{}")));
    }

    /** The head of a log without entries, and after some. */
    public static List<byte[]> heads() {
        SpaceHead head = SpaceHead.first(42);
        return List.of(head.bytes(), head.next(1).nextPurge(2).next(3).bytes());
    }

    /** The key of a cell behind its space. */
    public static byte[] key(DocumentId id, Path path) {
        byte[] space = Keys.space(SPACE);
        byte[] key = Keys.cell(Keys.document(space, id), path);
        return Arrays.copyOfRange(key, space.length, key.length);
    }
}
