package dev.watersmeet.testing.differential;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SyncRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** What the replicas of a history hold as one batch (M-28), in base64. In Java a batch is what stands behind the envelope of a message: of a push, which says which documents are whole. */
final class Batches {
    /** A document without its cells. */
    record Name(String collection, String id, boolean whole) {}

    private static final List<String> IDS = List.of("\"d\"", "1.5", "[\"😀\",2]", "{\"$date\":0}");
    private static final byte[] ENVELOPE = message(List.of());

    private Batches() {}

    /** The names of the documents: of each replica's joined cells, and of its pending ones, which are pieces of a state. */
    static List<Name> names(int replicas) {
        List<Name> names = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            names.add(new Name("joined", IDS.get(i), i % 2 == 1));
            names.add(new Name("pending", IDS.get(i), i % 2 == 0));
        }
        return names;
    }

    /** The documents of these names, in their order. */
    static List<PushedDocument> documents(List<Replica> replicas) {
        List<PushedDocument> documents = new ArrayList<>();
        for (Name name : names(replicas.size())) {
            Replica replica = replicas.get(documents.size() / 2);
            DocumentState cells = documents.size() % 2 == 0
                    ? replica.document.joined()
                    : DocumentState.of(replica.document.pending());
            DocumentId id = new DocumentId(name.collection(), Value.parse(name.id()));
            documents.add(new PushedDocument.Readable(new DocumentCells(id, cells), name.whole()));
        }
        return documents;
    }

    static String write(List<PushedDocument> documents) {
        byte[] message = message(documents);
        return Base64.getEncoder().encodeToString(Arrays.copyOfRange(message, ENVELOPE.length, message.length));
    }

    static List<PushedDocument> read(String batch) {
        byte[] bytes = Base64.getDecoder().decode(batch);
        byte[] message = Arrays.copyOf(ENVELOPE, ENVELOPE.length + bytes.length);
        System.arraycopy(bytes, 0, message, ENVELOPE.length, bytes.length);
        return requireNonNull(
                        MergeFormat.readSyncRequest(message, MessageForm.BATCH).push())
                .documents();
    }

    private static byte[] message(List<PushedDocument> documents) {
        Push push = new Push(1, "00000000000000000000000000", null, documents);
        return MergeFormat.writeSyncRequest(new SyncRequest(new ReplicaId(0), null, false, push), MessageForm.BATCH);
    }

    /** The documents as the other side tells them: their names and their cells. */
    static String text(List<PushedDocument> documents) {
        return documents.stream()
                .map(document -> {
                    PushedDocument.Readable readable = (PushedDocument.Readable) document;
                    return document.id().collection() + " " + document.id().id() + " " + readable.whole() + "\n"
                            + Replica.text(readable.document().cells().cells());
                })
                .collect(Collectors.joining("\n"));
    }
}
