package dev.watersmeet.sync;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** An engine on a store in memory, with a clock that only the test moves. */
final class ServerUnderTest {
    static final SpaceId SPACE = SpaceId.of("shop-7");
    static final String COLLECTION = "todos";
    static final CollectionSchema SCHEMA =
            CollectionSchema.of(Map.of("tags", FieldType.SET, "votes", FieldType.COUNTER));
    static final long NOW = 1_700_000_000_000L;
    static final Principal ADA = new Principal("ada");
    static final Principal BOB = new Principal("bob");

    final AtomicLong millis = new AtomicLong(NOW);
    final Store store;
    SyncEngine engine;

    private final UnaryOperator<SyncEngine.Builder> settings;

    ServerUnderTest() {
        this(builder -> builder);
    }

    ServerUnderTest(UnaryOperator<SyncEngine.Builder> settings) {
        this(settings, Limits.ROOMY);
    }

    ServerUnderTest(UnaryOperator<SyncEngine.Builder> settings, Limits limits) {
        this.store = MemoryStore.empty(millis::get, limits);
        this.settings = settings;
        this.engine = open("main");
    }

    /** The server process ends, and another begins with the same store. */
    void restart() {
        engine = open("main");
    }

    /** A server process with a name. */
    SyncEngine open(String node) {
        SyncEngine.Builder builder = SyncEngine.on(store)
                .access(Access.writeEverywhere())
                .collection(COLLECTION, SCHEMA)
                .node(node)
                .time(millis::get)
                .random(new Random(node.hashCode()));
        return settings.apply(builder).open();
    }

    Documents documents() {
        return engine.space(SPACE.name()).collection(COLLECTION);
    }

    String head() {
        return store.head(SPACE).text();
    }

    /** What the store holds of a document. */
    DocumentState stored(DocumentId id) {
        return store.read(SPACE, List.of(id)).getOrDefault(id, DocumentState.empty());
    }

    /** Writes into the store, past the engine. */
    void join(DocumentCells... documents) {
        store.join(SPACE, Batch.of(List.of(documents)));
    }

    /** Purges all removals and dead documents that there are. */
    Purged purge() {
        return store.maintenance().purge(SPACE, Instant.ofEpochMilli(millis.incrementAndGet()));
    }

    /** Everything that changed after a cursor. */
    List<DocumentCells> changesAfter(String cursor) {
        List<DocumentCells> changes = new ArrayList<>();
        Page page;
        do {
            page = engine.changes(ADA, SPACE, cursor);
            changes.addAll(page.documents());
            cursor = page.cursor();
        } while (page.more());
        return changes;
    }

    static DocumentId id(String id) {
        return DocumentId.of(COLLECTION, id);
    }

    /** An edit of one register: what a client pushes most often. */
    static DocumentState edit(Stamp stamp, String field, Object value) {
        return DocumentState.of(Map.of(
                Path.register(field), Cell.live(stamp, Value.of(value)),
                Path.existence(stamp.replica()), Cell.live(stamp)));
    }

    static PushedDocument pushed(String id, DocumentState cells) {
        return new PushedDocument.Readable(new DocumentCells(id(id), cells), false);
    }

    static PushedDocument whole(String id, DocumentState cells) {
        return new PushedDocument.Readable(new DocumentCells(id(id), cells), true);
    }

    static Stamp stamp(long millis, ReplicaId replica) {
        return Stamp.of(millis, 0, replica);
    }

    /** The problem that a call is refused with. */
    static Problem problem(ThrowingCallable call) {
        ProblemException refused = Assertions.catchThrowableOfType(ProblemException.class, call);
        Assertions.assertThat(refused).as("refused").isNotNull();
        return refused.problem();
    }
}
