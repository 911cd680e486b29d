package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.FormatLimits;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.format.SyncAnswer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replicas that exchange over real HTTP. */
class ExchangeTest {
    private TestServer server;
    private TestReplica ann;
    private TestReplica ben;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        ann = new TestReplica(server, "shop");
        ben = new TestReplica(server, "shop");
        ann.snapshot();
        ben.snapshot();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void whatOnePushesTheOtherPulls() throws Exception {
        SyncAnswer answer = ann.sync(ann.put("1", Map.of("name", "nails", "tags", List.of("iron"))));
        assertThat(answer.push().rejected()).isEmpty();
        assertThat(answer.time()).isCloseTo(System.currentTimeMillis(), within(60_000L));
        ben.sync();
        assertThat(ben.record("1")).contains(Value.parse("{\"name\":\"nails\",\"tags\":[\"iron\"],\"votes\":0}"));
    }

    @Test
    void editsOfBothMeet() throws Exception {
        ann.sync(ann.put("1", Map.of("name", "nails", "tags", List.of("iron"), "votes", 1)));
        ben.sync();
        DocumentCells fromAnn = ann.put("1", Map.of("name", "nails", "tags", List.of("iron", "long"), "votes", 3));
        DocumentCells fromBen = ben.put("1", Map.of("name", "tacks", "tags", List.of("iron", "short"), "votes", 2));
        ann.sync(fromAnn);
        ben.sync(fromBen);
        ann.sync();
        ben.sync();
        assertThat(ann.record("1")).isEqualTo(ben.record("1"));
        assertThat(ann.record("1").orElseThrow().fields())
                .containsEntry("name", Value.of("tacks"))
                .containsEntry("votes", Value.of(4));
        assertThat(ann.record("1").orElseThrow().fields().get("tags").elements())
                .hasSize(3);
    }

    @Test
    void halvesOfSurrogatesAndOddKeysArriveAsTheyWere() throws Exception {
        Map<String, Object> odd = Map.of("\ud800", "\udc00", "__proto__", Map.of("\udfff", 1), "😀", "\u2028\u0000");
        ann.sync(ann.put("\ud83d", odd));
        ben.sync();
        assertThat(ben.record("\ud83d").orElseThrow().fields())
                .containsEntry("\ud800", Value.of("\udc00"))
                .containsEntry("__proto__", Value.of(Map.of("\udfff", 1)))
                .containsEntry("😀", Value.of("\u2028\u0000"));
    }

    @Test
    void aRepeatedPushIsAnsweredTheSame() throws Exception {
        byte[] request = MergeFormat.writeSyncRequest(ann.request(false, List.of(ann.put("1", Map.of("votes", 1)))));
        byte[] first = server.post(ann.path("sync"), request).body();
        byte[] second = server.post(ann.path("sync"), request).body();
        assertThat(MergeFormat.readSyncAnswer(second).push())
                .isEqualTo(MergeFormat.readSyncAnswer(first).push());
    }

    @Test
    void aSnapshotGoesOnWhereItStopped() throws Exception {
        for (int i = 0; i < 3; i++) {
            DocumentCells[] items = new DocumentCells[900];
            for (int j = 0; j < items.length; j++) {
                items[j] = ann.put(i + "-" + j, Map.of("a", i, "b", j, "c", "some text"));
            }
            ann.sync(items);
        }
        TestReplica late = new TestReplica(server, "shop");
        late.snapshot();
        assertThat(late.documents).hasSize(2700).isEqualTo(ann.documents);
    }

    @Test
    void thePagesOfChangesCanBeReadOneByOne() throws Exception {
        String before = ben.cursor();
        ann.sync(ann.put("1", Map.of("name", "nails")));
        HttpResponse<byte[]> response = server.send(server.request(ben.path("changes?cursor=" + before)));
        ben.receive(MergeFormat.readPage(response.body()));
        assertThat(ben.record("1")).isPresent();
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
    }

    @Test
    void goodDocumentsGetThroughWhereOthersOfTheSamePushAreRefused() throws Exception {
        Stamp future = Stamp.of(System.currentTimeMillis() + 3_600_000, 0, ann.id);
        Stamp foreign = Stamp.of(System.currentTimeMillis(), 0, ben.id);
        byte[] request = MergeFormat.writeSyncRequest(ann.request(
                true,
                List.of(
                        ann.put("good", Map.of("name", "nails")),
                        ann.put("future", Map.of("name", "x"), future),
                        ann.put("foreign", Map.of("name", "x"), foreign),
                        ann.put("malformed", Map.of("name", "MALFORMED")),
                        ann.put("better", Map.of("name", "tacks")))));
        String broken = new String(request, StandardCharsets.UTF_8)
                .replaceFirst("\\[\\[\"r\",\"name\"\\],(\"[0-9A-Z]{26}\"),0,\"MALFORMED\"\\]", "[[\"r\"],$1,0]");
        SyncAnswer answer = ann.settle(server.post(ann.path("sync"), broken.getBytes(StandardCharsets.UTF_8)));
        assertThat(answer.push().rejected())
                .extracting(Rejection::id, Rejection::code)
                .containsExactlyInAnyOrder(
                        tuple(TestReplica.item("future"), RejectionCode.STAMP_FROM_FUTURE),
                        tuple(TestReplica.item("foreign"), RejectionCode.FOREIGN_STAMP),
                        tuple(TestReplica.item("malformed"), RejectionCode.MALFORMED));
        assertThat(answer.push().rejected())
                .filteredOn(rejection -> rejection.code() == RejectionCode.MALFORMED)
                .allSatisfy(rejection -> assertThat(rejection.detail()).contains("/push/documents/3/cells/"));
        ben.sync();
        assertThat(ben.documents).containsOnlyKeys(TestReplica.item("good"), TestReplica.item("better"));
    }

    @Test
    void bodiesMayBeCompressedBothWays() throws Exception {
        DocumentCells[] items = new DocumentCells[100];
        for (int i = 0; i < items.length; i++) {
            items[i] = ann.put("item " + i, Map.of("name", "a name that is repeated"));
        }
        byte[] request = MergeFormat.writeSyncRequest(ann.request(false, List.of(items)));
        HttpResponse<byte[]> pushed = server.send(server.request(ann.path("sync"))
                .header("Content-Type", "application/json; charset=UTF-8")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(gzip(request))));
        assertThat(pushed.statusCode()).isEqualTo(200);
        assertThat(pushed.headers().firstValue("Content-Encoding")).isEmpty();

        HttpRequest.Builder pull = server.request(ben.path("changes?cursor=" + ben.cursor()));
        HttpResponse<byte[]> plain = server.send(pull.copy().header("Accept-Encoding", "br, gzip;q=0"));
        HttpResponse<byte[]> compressed = server.send(pull.header("Accept-Encoding", "br, GZIP;q=0.5"));
        assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(compressed.headers().firstValue("Vary")).contains("Accept, Accept-Encoding");
        assertThat(compressed.body().length).isLessThan(plain.body().length / 3);
        try (GZIPInputStream content = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
            assertThat(content.readAllBytes()).isEqualTo(plain.body());
        }
    }

    @Test
    void aBodyMayBeAsLargeAsTheLimit() throws Exception {
        byte[] request = MergeFormat.writeSyncRequest(ann.request(true, List.of()));
        byte[] padded = new byte[FormatLimits.MAX_BODY_BYTES];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(request, 0, padded, 0, request.length);
        assertThat(server.post(ann.path("sync"), padded).statusCode()).isEqualTo(200);
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }
}
