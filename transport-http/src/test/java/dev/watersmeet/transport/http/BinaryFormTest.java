package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.FormatLimits;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The binary form over real HTTP: who asks for it gets it, and nobody else; its limits are those of JSON (P-16). */
class BinaryFormTest {
    private static final String BATCH = MessageForm.BATCH.mediaType();
    private static final String JSON = MessageForm.JSON.mediaType();

    private TestServer server;
    private TestReplica ann;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        ann = new TestReplica(server, "shop");
        ann.snapshot();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private static MessageForm form(HttpResponse<byte[]> response) {
        return MessageForm.ofMediaType(
                        response.headers().firstValue("Content-Type").orElseThrow())
                .orElseThrow();
    }

    private HttpRequest.Builder sync(MessageForm sent, byte[] body) {
        return server.request(ann.path("sync"))
                .header("Content-Type", sent.mediaType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    private static void assertRefused(HttpResponse<byte[]> response, ProblemCode code) {
        assertThat(response.statusCode()).isEqualTo(code.status());
        assertThat(response.headers().firstValue("Content-Type")).contains(MergeFormat.PROBLEM_MEDIA_TYPE);
        assertThat(MergeFormat.readProblem(response.body()).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"JSON, JSON", "JSON, BATCH", "BATCH, JSON", "BATCH, BATCH"})
    @Tag("P-16")
    void whatIsSentInOneFormIsAnsweredInTheFormThatIsAskedFor(MessageForm sent, MessageForm asked) throws Exception {
        SyncRequest request = ann.request(true, List.of(ann.put("1", Map.of("name", "nails", "votes", 2))));
        HttpResponse<byte[]> response = server.send(sync(sent, MergeFormat.writeSyncRequest(request, sent))
                .header("Accept", asked == MessageForm.BATCH ? BATCH + ", " + JSON : JSON));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(form(response)).isEqualTo(asked);
        assertThat(response.headers().firstValue("Vary")).contains("Accept, Accept-Encoding");
        SyncAnswer answer = MergeFormat.readSyncAnswer(response.body(), asked);
        ann.receive(answer.changes());
        assertThat(ann.record("1").orElseThrow().fields()).containsEntry("votes", Value.of(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*",
                "application/*",
                "application/json",
                "application/vnd.watersmeet.batch;q=0, application/json"
            })
    @Tag("P-16")
    void whoDoesNotNameTheBinaryFormGetsJson(String accept) throws Exception {
        HttpResponse<byte[]> response = server.send(
                server.request(ann.path("changes?cursor=" + ann.cursor())).header("Accept", accept));
        assertThat(form(response)).isEqualTo(MessageForm.JSON);
    }

    @Test
    void snapshotsAndPagesOfChangesHaveBothForms() throws Exception {
        String before = ann.cursor();
        ann.sync(ann.put("1", Map.of("name", "nails")));
        for (String resource : List.of("snapshot?replica=" + ann.id, "changes?cursor=" + before)) {
            HttpRequest.Builder request = server.request(ann.path(resource));
            HttpResponse<byte[]> json = server.send(request.copy());
            HttpResponse<byte[]> batch = server.send(request.header("Accept", BATCH));
            assertThat(form(json)).isEqualTo(MessageForm.JSON);
            assertThat(form(batch)).isEqualTo(MessageForm.BATCH);
            assertThat(documents(resource, batch.body(), MessageForm.BATCH))
                    .isEqualTo(documents(resource, json.body(), MessageForm.JSON))
                    .hasSize(1);
        }
    }

    private static List<DocumentCells> documents(String resource, byte[] body, MessageForm form) {
        if (resource.startsWith("changes")) {
            return MergeFormat.readPage(body, form).documents();
        }
        SnapshotPage page = MergeFormat.readSnapshotPage(body, form);
        return page.documents();
    }

    @Test
    void theBinaryFormIsCompressedAsJsonIs() throws Exception {
        DocumentCells[] items = new DocumentCells[300];
        for (int i = 0; i < items.length; i++) {
            items[i] = ann.put("item " + i, Map.of("name", "a name that is repeated"));
        }
        byte[] request = MergeFormat.writeSyncRequest(ann.request(false, List.of(items)), MessageForm.BATCH);
        HttpResponse<byte[]> pushed =
                server.send(sync(MessageForm.BATCH, ExchangeTest.gzip(request)).header("Content-Encoding", "gzip"));
        assertThat(pushed.statusCode()).isEqualTo(200);
        HttpResponse<byte[]> page = server.send(server.request(ann.path("changes?cursor=" + ann.cursor()))
                .header("Accept", BATCH)
                .header("Accept-Encoding", "gzip"));
        assertThat(page.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(form(page)).isEqualTo(MessageForm.BATCH);
    }

    @Test
    @Tag("P-16")
    void problemsAreJsonWhateverIsAskedFor() throws Exception {
        assertRefused(
                server.send(server.request(ann.path("changes?cursor=unknown")).header("Accept", BATCH)),
                ProblemCode.RESYNC);
    }

    @Test
    void whatIsNotInTheFormThatItSaysIsMalformed() throws Exception {
        byte[] json = MergeFormat.writeSyncRequest(ann.request(true, List.of()));
        assertRefused(server.send(sync(MessageForm.BATCH, new byte[0])), ProblemCode.MALFORMED);
        assertRefused(server.send(sync(MessageForm.BATCH, json)), ProblemCode.PROTOCOL_UNSUPPORTED);
        byte[] batch = MergeFormat.writeSyncRequest(ann.request(true, List.of()), MessageForm.BATCH);
        assertRefused(server.send(sync(MessageForm.JSON, batch)), ProblemCode.MALFORMED);
        assertRefused(
                server.send(sync(MessageForm.BATCH, Arrays.copyOf(batch, batch.length - 1))), ProblemCode.MALFORMED);
    }

    @Test
    void aBodyAboveTheLimitIsRefused() throws Exception {
        byte[] body = new byte[FormatLimits.MAX_BODY_BYTES + 1];
        assertRefused(server.send(sync(MessageForm.BATCH, body)), ProblemCode.TOO_LARGE);
    }

    @Test
    void aCompressedBodyIsBoundedByWhatItHolds() throws Exception {
        byte[] bomb = ExchangeTest.gzip(new byte[200 << 20]);
        assertRefused(
                server.send(sync(MessageForm.BATCH, bomb).header("Content-Encoding", "gzip")), ProblemCode.TOO_LARGE);
    }

    @Test
    void aPushAboveItsLimitIsRefused() throws Exception {
        DocumentCells[] documents = new DocumentCells[FormatLimits.MAX_PUSH_DOCUMENTS + 1];
        for (int i = 0; i < documents.length; i++) {
            documents[i] = ann.put(Integer.toString(i), Map.of());
        }
        byte[] body = MergeFormat.writeSyncRequest(ann.request(true, List.of(documents)), MessageForm.BATCH);
        assertRefused(server.send(sync(MessageForm.BATCH, body)), ProblemCode.TOO_LARGE);
    }
}
