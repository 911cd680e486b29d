package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A client that speaks the format over real HTTP, as simple as it can be: what it writes it pushes at once. */
final class TestReplica {
    static final CollectionSchema ITEMS =
            CollectionSchema.of(Map.of("tags", FieldType.SET, "votes", FieldType.COUNTER));

    final ReplicaId id = ReplicaId.random(ThreadLocalRandom.current());
    final Map<DocumentId, DocumentState> documents = new HashMap<>();
    private final TestServer server;
    private final String space;
    private final String token;
    private @Nullable String cursor;
    private @Nullable String nonce;
    private long number;
    private int ticks;

    TestReplica(TestServer server, String space) {
        this(server, space, TestServer.ANN);
    }

    TestReplica(TestServer server, String space, String token) {
        this.server = server;
        this.space = space;
        this.token = token;
    }

    String path(String resource) {
        return "/v1/spaces/" + space + "/" + resource;
    }

    String cursor() {
        assertThat(cursor).isNotNull();
        return cursor;
    }

    /** A live feed from where this replica stands. */
    Events feed() throws Exception {
        return Events.open(server, server.request(path("changes?cursor=" + cursor()), token));
    }

    /** A stamp of now. */
    Stamp tick() {
        return Stamp.of(System.currentTimeMillis(), ticks++, id);
    }

    static DocumentId item(String id) {
        return DocumentId.of("items", id);
    }

    /** The cells that putting a record makes. */
    DocumentCells put(String item, Map<String, ?> record) {
        return put(item, record, tick());
    }

    DocumentCells put(String item, Map<String, ?> record, Stamp stamp) {
        DocumentState stands = documents.getOrDefault(item(item), DocumentState.empty());
        return new DocumentCells(item(item), Records.put(stands, ITEMS, stamp, Value.record(record)));
    }

    /** Reads everything there is. */
    void snapshot() throws Exception {
        String position = null;
        do {
            HttpResponse<byte[]> response = server.send(server.request(
                    path("snapshot?replica=" + id + (position == null ? "" : "&position=" + position)), token));
            assertThat(response.statusCode()).isEqualTo(200);
            SnapshotPage page = MergeFormat.readSnapshotPage(response.body());
            page.documents().forEach(this::join);
            position = page.position();
            cursor = page.cursor();
        } while (position != null);
    }

    /** The next push, with its number. */
    SyncRequest request(boolean pull, List<DocumentCells> pushed) {
        List<PushedDocument> documents = new ArrayList<>();
        pushed.forEach(document -> documents.add(new PushedDocument.Readable(document, false)));
        String fresh = new Stamp(ThreadLocalRandom.current().nextLong(), ReplicaId.random(ThreadLocalRandom.current()))
                .toString();
        Push push = pushed.isEmpty() ? null : new Push(number + 1, fresh, nonce, documents);
        return new SyncRequest(id, cursor, pull, push);
    }

    /** Pushes and pulls. */
    SyncAnswer sync(DocumentCells... pushed) throws Exception {
        HttpResponse<byte[]> response =
                server.post(path("sync"), MergeFormat.writeSyncRequest(request(true, List.of(pushed))), token);
        assertThat(response.statusCode()).isEqualTo(200);
        return settle(response);
    }

    /** Takes an answer. */
    SyncAnswer settle(HttpResponse<byte[]> response) {
        SyncAnswer answer = MergeFormat.readSyncAnswer(response.body());
        if (answer.push() != null) {
            number = answer.push().number();
            nonce = answer.push().nonce();
        }
        if (answer.changes() != null) {
            receive(answer.changes());
        }
        return answer;
    }

    void receive(Page page) {
        page.documents().forEach(this::join);
        page.withdrawn().forEach(documents::remove);
        cursor = page.cursor();
    }

    private void join(DocumentCells document) {
        documents.computeIfAbsent(document.id(), key -> DocumentState.empty()).join(document.cells());
    }

    /** What the replica shows of an item. */
    Optional<Value> record(String item) {
        return Records.read(documents.getOrDefault(item(item), DocumentState.empty()), ITEMS);
    }
}
