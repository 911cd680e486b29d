package dev.watersmeet.format;

import java.util.function.Consumer;

/** The binary form of a message: a version, the message's JSON without its documents, and these as a batch (M-27). */
final class BinaryMessage {
    private BinaryMessage() {}

    static byte[] write(Consumer<JsonOutput> members) {
        BatchWriter batch = new BatchWriter();
        byte[] envelope = JsonOutput.object(batch, members);
        ColumnWriter out = new ColumnWriter();
        out.octet(MergeFormat.PROTOCOL);
        out.part(envelope);
        if (!batch.isEmpty()) {
            batch.writeTo(out);
        }
        return out.toBytes();
    }

    /** The parts of a message. */
    record Parts(String envelope, BatchSource batch) {}

    /**
     * Takes a message apart.
     *
     * @throws ProblemException if it is of another version
     * @throws dev.watersmeet.crdt.MalformedException if it has no such parts
     */
    static Parts read(byte[] bytes) {
        ColumnReader input = ColumnReader.of(bytes, "message");
        int version = input.octet();
        if (version != MergeFormat.PROTOCOL) {
            throw MergeFormat.unsupported(version);
        }
        return new Parts(input.text(), new BatchSource(bytes, input));
    }
}
