package dev.watersmeet.transport.http;

import static dev.watersmeet.transport.http.TestReplica.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.format.SyncAnswer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two people over one space who may not read the same of it: live, and after a time away (P-22, P-24). */
@Tag("P-22")
@Tag("P-24")
class DocumentAccessTest {
    private TestServer server;
    private TestReplica ann;
    private TestReplica ben;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        ann = new TestReplica(server, "teams");
        ben = new TestReplica(server, "teams", TestServer.BEN);
        ann.snapshot();
        ben.snapshot();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private void serverPuts(String id, String team, String name) {
        server.engine.space("teams").collection("items").put(id, Map.of("team", team, "name", name));
    }

    /** Reads a feed until it tells something. */
    private static Page next(Events events, TestReplica reader) throws Exception {
        Page page;
        do {
            page = events.nextEvent().page();
            reader.receive(page);
        } while (page.documents().isEmpty() && page.withdrawn().isEmpty());
        return page;
    }

    @Test
    void aDocumentGoesFromHandToHandLive() throws Exception {
        try (Feed anns = new Feed(ann);
                Feed bens = new Feed(ben)) {
            serverPuts("1", "red", "nails");
            assertThat(next(anns.events, ann).complete()).containsExactly(item("1"));

            serverPuts("1", "blue", "nails");
            assertThat(next(anns.events, ann).withdrawn()).containsExactly(item("1"));
            assertThat(next(bens.events, ben).complete()).containsExactly(item("1"));
            assertThat(ann.documents).isEmpty();
            assertThat(ben.record("1").orElseThrow().fields()).containsKeys("team", "name");

            serverPuts("1", "blue", "screws");
            assertThat(next(bens.events, ben).complete()).isEmpty();
            serverPuts("2", "red", "hinges");
            Page page = next(anns.events, ann);
            assertThat(page.documents()).extracting(document -> document.id()).containsExactly(item("2"));
            assertThat(page.withdrawn()).isEmpty();
        }
    }

    private static final class Feed implements AutoCloseable {
        final Events events;

        Feed(TestReplica reader) throws Exception {
            events = reader.feed();
            reader.receive(events.nextEvent().page());
        }

        @Override
        public void close() throws IOException {
            events.disconnect();
        }
    }

    @Test
    void aDocumentHasChangedHandsWhileTheyWereAway() throws Exception {
        serverPuts("1", "red", "nails");
        serverPuts("2", "blue", "screws");
        ann.sync();
        ben.sync();
        assertThat(ann.documents).containsOnlyKeys(item("1"));
        assertThat(ben.documents).containsOnlyKeys(item("2"));

        serverPuts("1", "blue", "nails");
        serverPuts("2", "red", "screws");

        SyncAnswer anns = ann.sync();
        assertThat(anns.changes().withdrawn()).containsExactly(item("1"));
        assertThat(anns.changes().complete()).containsExactly(item("2"));
        ben.sync();
        assertThat(ann.documents).containsOnlyKeys(item("2"));
        assertThat(ben.documents).containsOnlyKeys(item("1"));
        assertThat(ann.record("2").orElseThrow().fields()).containsKeys("team", "name");
    }

    @Test
    void whatIsOthersIsNeitherToldNorChanged() throws Exception {
        serverPuts("secret", "red", "nails");

        HttpResponse<byte[]> snapshot =
                server.send(server.request(ben.path("snapshot?replica=" + ben.id), TestServer.BEN)
                        .header("Accept", "application/json"));
        assertThat(new String(snapshot.body(), StandardCharsets.UTF_8))
                .doesNotContain("secret")
                .doesNotContain("nails");
        SyncAnswer answer = ben.sync(ben.put("secret", Map.of("team", "blue")));
        assertThat(answer.push().rejected())
                .extracting(rejection -> rejection.code())
                .containsExactly(RejectionCode.FORBIDDEN);
        assertThat(answer.changes().documents()).isEmpty();
        assertThat(server.engine
                        .space("teams")
                        .collection("items")
                        .get("secret")
                        .orElseThrow()
                        .fields()
                        .get("team")
                        .toJava())
                .isEqualTo("red");
    }

    @Test
    void noFormCarriesMarks() throws Exception {
        serverPuts("1", "red", "nails");
        for (MessageForm form : MessageForm.values()) {
            HttpResponse<byte[]> answer = server.send(
                    server.request(ann.path("snapshot?replica=" + ann.id)).header("Accept", form.mediaType()));
            assertThat(MergeFormat.readSnapshotPage(answer.body(), form).documents())
                    .hasSize(1);
            assertThat(new String(answer.body(), StandardCharsets.ISO_8859_1)).doesNotContain("[\"a\"");
        }
    }

    @Test
    void marksAreNobodysToPush() throws Exception {
        String stamp = ann.tick().toString();
        String json = "{\"protocol\":1,\"replica\":\"" + ann.id + "\",\"cursor\":\"" + ann.cursor()
                + "\",\"pull\":false,\"push\":{\"number\":1,\"nonce\":\"" + stamp + "\",\"after\":null,\"documents\":["
                + "{\"collection\":\"items\",\"id\":\"1\",\"cells\":[[[\"a\",\"red\"],\"" + stamp + "\",0]]}]}}";
        HttpResponse<byte[]> answer = server.post(ann.path("sync"), json.getBytes(StandardCharsets.UTF_8));
        assertThat(MergeFormat.readSyncAnswer(answer.body()).push().rejected())
                .extracting(rejection -> rejection.code())
                .containsExactly(RejectionCode.MALFORMED);
    }

    @Test
    void aFeedEndsWhenThePersonChangesTeams() throws Exception {
        serverPuts("1", "red", "nails");
        try (Feed bens = new Feed(ben)) {
            server.access.teams.put("ben", Set.of("blue", "red"));

            Events.Event end = bens.events.nextEvent();
            assertThat(end.name()).isEqualTo("problem");
            assertThat(MergeFormat.readProblem(end.data().getBytes(StandardCharsets.UTF_8))
                            .code())
                    .isEqualTo(ProblemCode.RESYNC);
        }
        ben.documents.clear();
        ben.snapshot();
        assertThat(ben.documents).containsOnlyKeys(item("1"));
    }
}
