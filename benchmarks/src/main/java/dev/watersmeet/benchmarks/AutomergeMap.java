package dev.watersmeet.benchmarks;

import org.automerge.AmValue;
import org.automerge.ChangeHash;
import org.automerge.Document;
import org.automerge.ObjectId;
import org.automerge.Transaction;
import org.jspecify.annotations.Nullable;

/** An Automerge document, outside of the heap, with a text at each key of its root. Deltas are encoded changes: it takes no others. */
final class AutomergeMap implements ReplicatedMap {
    private final Document document;
    private ChangeHash[] heads;
    private @Nullable Transaction transaction;

    AutomergeMap() {
        this(new Document());
    }

    private AutomergeMap(Document document) {
        this.document = document;
        heads = document.getHeads();
    }

    @Override
    public void write(int key, String value) {
        if (transaction == null) {
            transaction = document.startTransaction();
        }
        transaction.set(ObjectId.ROOT, Keys.text(key), value);
    }

    @Override
    public byte[] takeDelta() {
        if (transaction != null) {
            transaction.commit();
            transaction = null;
        }
        byte[] changes = document.encodeChangesSince(heads);
        heads = document.getHeads();
        return changes;
    }

    @Override
    public void mergeDelta(Object delta) {
        document.applyEncodedChanges((byte[]) delta);
    }

    @Override
    public void merge(ReplicatedMap other) {
        document.merge(((AutomergeMap) other).document);
    }

    @Override
    public ReplicatedMap copy() {
        return new AutomergeMap(document.fork());
    }

    @Override
    public boolean holds(int key, String value) {
        return document.get(ObjectId.ROOT, Keys.text(key))
                .filter(held ->
                        held instanceof AmValue.Str text && text.getValue().equals(value))
                .isPresent();
    }

    @Override
    public int size() {
        return Math.toIntExact(document.length(ObjectId.ROOT));
    }

    @Override
    public Object held() {
        throw new UnsupportedOperationException("Automerge holds its entries outside of the heap");
    }

    @Override
    public void close() {
        document.free();
    }
}
