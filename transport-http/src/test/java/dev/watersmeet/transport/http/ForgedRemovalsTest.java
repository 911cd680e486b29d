package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.format.SyncAnswer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Removals may carry any replica's stamp (P-8), for a deletion removes what others wrote: what cannot be done with that, over real HTTP. */
class ForgedRemovalsTest {
    private static final long HOUR = 3_600_000;

    private TestServer server;
    private TestReplica ann;
    private TestReplica ben;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        ann = new TestReplica(server, "shop");
        ben = new TestReplica(server, "shop");
        ann.snapshot();
        ann.sync(ann.put("1", Map.of("a", 1)));
        ben.snapshot();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private static DocumentCells cells(String item, Map<Path, Cell> cells) {
        return new DocumentCells(TestReplica.item(item), DocumentState.of(cells));
    }

    private static Stamp ahead(ReplicaId replica) {
        return Stamp.of(System.currentTimeMillis() + HOUR, 0, replica);
    }

    private void assertRefused(DocumentCells forged, RejectionCode code) throws Exception {
        SyncAnswer answer = ben.sync(forged);
        assertThat(answer.push().rejected()).singleElement().satisfies(rejection -> {
            assertThat(rejection.id()).isEqualTo(forged.id());
            assertThat(rejection.code()).isEqualTo(code);
        });
        assertStands();
    }

    private void assertStands() throws Exception {
        TestReplica reader = new TestReplica(server, "shop");
        reader.snapshot();
        assertThat(reader.record("1").orElseThrow().fields()).containsEntry("a", Value.of(1));
    }

    @Test
    @Tag("P-8")
    void aRemovalFromTheFutureWouldSilenceOthersForAnHourAndIsRefused() throws Exception {
        assertRefused(
                cells("1", Map.of(Path.register("a"), Cell.removed(ahead(ben.id)))), RejectionCode.STAMP_FROM_FUTURE);
        assertRefused(
                cells("1", Map.of(Path.register("a"), Cell.removed(ahead(ann.id)))), RejectionCode.STAMP_FROM_FUTURE);
    }

    @Test
    void oneForgedCellRefusesItsDocumentAndTheClockStands() throws Exception {
        DocumentCells forged = cells(
                "1",
                Map.of(Path.register("a"), Cell.removed(ben.tick()), Path.register("b"), Cell.removed(ahead(ben.id))));
        assertRefused(forged, RejectionCode.STAMP_FROM_FUTURE);
        assertThat(server.engine.space("shop").collection("items").get("1")).isPresent();
        ann.sync(ann.put("1", Map.of("a", 1, "b", 2)));
        TestReplica reader = new TestReplica(server, "shop");
        reader.snapshot();
        assertThat(reader.record("1").orElseThrow().fields()).containsEntry("b", Value.of(2));
    }

    @Test
    void aRemovalInOneSpaceTouchesNoOther() throws Exception {
        Stamp theirs =
                ann.documents.get(TestReplica.item("1")).get(Path.register("a")).stamp();
        TestReplica elsewhere = new TestReplica(server, "other");
        elsewhere.snapshot();
        SyncAnswer answer = elsewhere.sync(cells("1", Map.of(Path.register("a"), Cell.removed(theirs))));
        assertThat(answer.push().rejected()).isEmpty();
        assertStands();
    }

    @Test
    @Tag("P-10")
    void nobodyRemovesUnderTheReplicaOfAnother() throws Exception {
        DocumentCells removal = cells("1", Map.of(Path.register("a"), Cell.removed(ann.tick())));
        HttpResponse<byte[]> response = server.send(HttpRequest.newBuilder(server.uri(ann.path("sync")))
                .header("Authorization", "Bearer " + TestServer.BEN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        MergeFormat.writeSyncRequest(ann.request(true, List.of(removal))))));
        assertThat(MergeFormat.readProblem(response.body()).code()).isEqualTo(ProblemCode.REPLICA_BOUND);
        assertStands();
    }

    @Test
    void whoMayOnlyReadRemovesNothing() throws Exception {
        TestReplica reader = new TestReplica(server, "shown");
        reader.snapshot();
        HttpResponse<byte[]> response = server.post(
                reader.path("sync"),
                MergeFormat.writeSyncRequest(reader.request(
                        true, List.of(cells("1", Map.of(Path.register("a"), Cell.removed(reader.tick())))))));
        assertThat(MergeFormat.readProblem(response.body()).code()).isEqualTo(ProblemCode.FORBIDDEN);
    }
}
