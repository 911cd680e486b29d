package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.sync.Grants;
import dev.watersmeet.sync.Permission;
import dev.watersmeet.sync.Principal;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A live feed lasts as long as the token that it was begun with (P-17), over real HTTP. */
@Timeout(30)
class FeedTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(300);
    private static final Principal CLEO = new Principal("cleo");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final TestTokens tokens = new TestTokens();
    private TestServer server;
    private TestReplica ann;

    @BeforeEach
    void start() throws Exception {
        tokens.issue(TestServer.ANN, new Principal("ann"), Instant.MAX);
        server = new TestServer(TestServer.limits(), tokens, now::get);
        ann = new TestReplica(server, "shop");
        ann.snapshot();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private Events open(String token) throws Exception {
        return Events.open(server, server.request(ann.path("changes?cursor=" + ann.cursor()), token));
    }

    @Test
    @Tag("P-17")
    void endsWhenTheTokenExpires() throws Exception {
        tokens.issue("short", CLEO, LATER);
        Events events = open("short");
        assertThat(events.nextEvent().page().documents()).isEmpty();
        ann.sync(ann.put("1", Map.of("a", 1)));
        assertThat(events.nextEvent().page().documents()).hasSize(1);

        now.set(LATER);

        Problem problem = events.end();
        assertThat(problem.code()).isEqualTo(ProblemCode.UNAUTHENTICATED);
        assertThat(problem.detail()).contains("expired").doesNotContain("short");
    }

    @Test
    @Tag("P-17")
    void whatChangesAfterTheExpiryIsNotTold() throws Exception {
        tokens.issue("short", CLEO, LATER);
        Events events = open("short");
        events.nextEvent();
        now.set(LATER);
        ann.sync(ann.put("1", Map.of("a", 1)));
        assertThat(events.end().code()).isEqualTo(ProblemCode.UNAUTHENTICATED);
    }

    @Test
    @Tag("P-17")
    void endsWithTheHeartbeatAfterTheTokenWasRevokedAndTheOthersStay() throws Exception {
        tokens.issue("lost", CLEO, Instant.MAX);
        tokens.issue("kept", CLEO, Instant.MAX);
        Events lost = open("lost");
        Events kept = open("kept");
        lost.nextEvent();
        kept.nextEvent();

        tokens.revoke("lost");

        Problem problem = lost.end();
        assertThat(problem.code()).isEqualTo(ProblemCode.UNAUTHENTICATED);
        assertThat(problem.detail()).contains("revoked").doesNotContain("lost");
        ann.sync(ann.put("1", Map.of("a", 1)));
        assertThat(kept.nextEvent().page().documents()).hasSize(1);
    }

    @Test
    void aTokenThatIsProlongedKeepsItsFeed() throws Exception {
        tokens.issue("short", CLEO, LATER);
        Events events = open("short");
        events.nextEvent();
        tokens.issue("short", CLEO, LATER.plusSeconds(300));
        for (int beats = 0; beats < 3; beats++) {
            assertThat(events.next().name()).isNull();
        }
        now.set(LATER);
        ann.sync(ann.put("1", Map.of("a", 1)));
        assertThat(events.nextEvent().page().documents()).hasSize(1);
    }

    @Test
    void aTokenThatStandsForSomebodyElseNowEndsTheFeed() throws Exception {
        tokens.issue("reused", CLEO, Instant.MAX);
        Events events = open("reused");
        events.nextEvent();
        tokens.issue("reused", new Principal("dora"), Instant.MAX);
        assertThat(events.end().code()).isEqualTo(ProblemCode.UNAUTHENTICATED);
    }

    @Test
    void aTokenThatNoLongerGrantsTheSpaceEndsTheFeed() throws Exception {
        tokens.issue("narrow", CLEO, Instant.MAX);
        Events events = open("narrow");
        events.nextEvent();
        Grants elsewhere = Grants.of(Map.of("other", Permission.WRITE));
        tokens.issue("narrow", new Principal("cleo", elsewhere), Instant.MAX);
        assertThat(events.end().code()).isEqualTo(ProblemCode.FORBIDDEN);
    }
}
