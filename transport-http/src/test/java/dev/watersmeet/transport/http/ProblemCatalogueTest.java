package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.FeedRequest;
import dev.watersmeet.format.FormatLimits;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.sync.Access;
import dev.watersmeet.sync.DocumentChange;
import dev.watersmeet.sync.DocumentPolicy;
import dev.watersmeet.sync.Principal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every code that there is, provoked over real HTTP, and its row in {@code docs/problems.md}. */
@Timeout(60)
class ProblemCatalogueTest {
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z-]+)` \\|(?:[^|\n]+\\|){3}$", Pattern.MULTILINE);

    /** Lets everybody read and nobody change the item {@code locked}. */
    private static final DocumentPolicy LOCKED = new DocumentPolicy() {
        @Override
        public String version() {
            return "1";
        }

        @Override
        public Set<String> readers(DocumentId document, Value record) {
            return Set.of("all");
        }

        @Override
        public Set<String> audiences(Principal principal) {
            return Set.of("all");
        }

        @Override
        public Optional<String> refuse(Principal principal, DocumentChange change) {
            return change.document().equals(TestReplica.item("locked"))
                    ? Optional.of("it is locked")
                    : Optional.empty();
        }
    };

    private final Map<ProblemCode, HttpResponse<byte[]>> problems = new EnumMap<>(ProblemCode.class);
    private final Map<RejectionCode, Rejection> verdicts = new EnumMap<>(RejectionCode.class);

    private void keep(HttpResponse<byte[]> response) {
        ProblemCode code = MergeFormat.readProblem(response.body()).code();
        assertThat(response.statusCode()).isEqualTo(code.status());
        problems.put(code, response);
    }

    private static HttpRequest.Builder post(TestServer server, String path, String type, byte[] body) {
        return server.request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    private static byte[] push(TestReplica replica, DocumentCells... documents) {
        return MergeFormat.writeSyncRequest(replica.request(false, List.of(documents)));
    }

    @Test
    @Tag("P-14")
    void everyProblemIsProducedByTheServer() throws Exception {
        TestServer server = new TestServer();
        try {
            TestReplica ann = new TestReplica(server, "shop");
            String sync = ann.path("sync");
            keep(server.post(sync, push(ann, ann.put("1", Map.of("a", 1)))));
            ann.snapshot();
            byte[] twin = push(ann, ann.put("1", Map.of("a", 2)));
            ann.sync(ann.put("1", Map.of("a", 1)));
            keep(server.post(sync, twin));
            SyncRequest next = ann.request(true, List.of(ann.put("1", Map.of("a", 2))));
            Push push = next.push();
            Push early = new Push(9, push.nonce(), push.after(), push.documents());
            keep(server.post(sync, MergeFormat.writeSyncRequest(new SyncRequest(ann.id, next.cursor(), true, early))));
            String snapshot = ann.path("snapshot?replica=" + ann.id);
            keep(server.send(server.request(snapshot).setHeader("Authorization", "Bearer " + TestServer.BEN)));
            keep(server.send(server.request(snapshot).setHeader("Authorization", "Bearer wrong")));
            keep(server.send(server.request(snapshot + "&protocol=7")));
            keep(server.send(server.request(ann.path("snapshot"))));
            keep(server.send(server.request("/v1/spaces/closed/snapshot?replica=" + ann.id)));
            keep(server.send(server.request("/v1/spaces/broken/snapshot?replica=" + ann.id)));
            keep(server.send(server.request("/v1/nothing")));
            keep(server.send(server.request(snapshot).DELETE()));
            keep(server.send(server.request(ann.path("changes?cursor=unknown"))));
            keep(server.send(post(server, sync, "text/plain", new byte[0])));
            FeedRequest many = new FeedRequest(IntStream.range(0, 100)
                    .mapToObj(i -> new FeedRequest.Start("shop-" + i, "c"))
                    .toList());
            keep(server.send(post(server, "/v1/feed", "application/json", MergeFormat.writeFeedRequest(many))));
            TestReplica depot = begun(server, "depot");
            server.engine.space("depot").collection("items").delete("1");
            depot.sync();
            server.store.maintenance().purge(SpaceId.of("depot"), Instant.now().plusSeconds(1));
            keep(server.post(depot.path("sync"), push(depot, depot.put("2", Map.of("a", 1)))));
            TestReplica attic = begun(server, "attic");
            server.store.maintenance().renewEpoch(SpaceId.of("attic"));
            keep(server.post(attic.path("sync"), push(attic, attic.put("2", Map.of("a", 1)))));
            server.store.close();
            keep(server.send(server.request(snapshot)));
        } finally {
            server.stop();
        }
        TestServer strict = new TestServer(
                HttpLimits.defaults().with(Limit.REQUEST_BURST, 1).with(Limit.REQUESTS_PER_SECOND, 1));
        try {
            HttpResponse<byte[]> answer;
            do {
                answer = strict.send(strict.request("/v1/spaces/shop/schema"));
            } while (answer.statusCode() == 200);
            keep(answer);
        } finally {
            strict.stop();
        }
        assertThat(problems.keySet()).containsExactlyInAnyOrder(ProblemCode.values());
    }

    /** A replica that has written an item. */
    private static TestReplica begun(TestServer server, String space) throws Exception {
        TestReplica replica = new TestReplica(server, space);
        replica.snapshot();
        replica.sync(replica.put("1", Map.of("a", 1)));
        return replica;
    }

    @Test
    @Tag("P-7")
    void everyVerdictIsProducedByTheServer() throws Exception {
        TestServer server = new TestServer(builder ->
                builder.access(Access.writeEverywhere().withDocuments(LOCKED)).onlyDeclaredCollections());
        try {
            TestReplica ann = new TestReplica(server, "shop");
            ann.snapshot();
            Stamp now = ann.tick();
            Stamp foreign = new Stamp(now.time(), new ReplicaId(7));
            Stamp late = Stamp.of(now.millis() + 600_000, 0, ann.id);
            Map<Path, Cell> many = new HashMap<>();
            for (int i = 0; i <= FormatLimits.MAX_DOCUMENT_CELLS; i++) {
                many.put(Path.register("f" + i), Cell.live(now, Value.of(i)));
            }
            verdicts(ann, item("large", DocumentState.of(many)));
            verdicts(
                    ann,
                    item("locked", edit(now, Path.register("a"), Cell.live(now, Value.of(1)))),
                    item("foreign stamp", edit(now, Path.register("a"), Cell.live(foreign, Value.of(1)))),
                    item("foreign path", edit(now, Path.existence(new ReplicaId(7)), Cell.live(now))),
                    item("future", edit(late, Path.register("a"), Cell.live(late, Value.of(1)))),
                    item("type", edit(now, Path.register("tags"), Cell.live(now, Value.of(1)))),
                    item("mark", DocumentState.of(Map.of(Path.register("a"), Cell.live(now, Value.of(1))))),
                    new DocumentCells(
                            DocumentId.of("nothings", "1"),
                            edit(now, Path.register("a"), Cell.live(now, Value.of(1)))));
        } finally {
            server.stop();
        }
        Set<RejectionCode> sent = Set.copyOf(verdicts.keySet());
        assertThat(sent)
                .containsExactlyInAnyOrderElementsOf(Stream.of(RejectionCode.values())
                        .filter(code -> code != RejectionCode.OTHER)
                        .toList());
        assertThat(verdicts.values())
                .allSatisfy(verdict -> assertThat(verdict.detail()).isNotBlank());
    }

    private void verdicts(TestReplica replica, DocumentCells... documents) throws Exception {
        replica.sync(documents).push().rejected().forEach(verdict -> verdicts.put(verdict.code(), verdict));
    }

    private static DocumentCells item(String id, DocumentState cells) {
        return new DocumentCells(TestReplica.item(id), cells);
    }

    private static DocumentState edit(Stamp stamp, Path path, Cell cell) {
        return DocumentState.of(Map.of(Path.existence(stamp.replica()), Cell.live(stamp), path, cell));
    }

    @Test
    void theDocumentListsThemAllAndNoOthers() throws Exception {
        String[] parts = Files.readString(java.nio.file.Path.of("../docs/problems.md"), StandardCharsets.UTF_8)
                .split("\n## ", -1);
        assertThat(parts).hasSize(3);
        assertThat(codes(parts[1]))
                .containsExactlyElementsOf(
                        Stream.of(ProblemCode.values()).map(ProblemCode::text).toList());
        assertThat(codes(parts[2]))
                .containsExactlyElementsOf(Stream.of(RejectionCode.values())
                        .filter(code -> code != RejectionCode.OTHER)
                        .map(RejectionCode::text)
                        .toList());
    }

    private static List<String> codes(String part) {
        return ROW.matcher(part)
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();
    }
}
