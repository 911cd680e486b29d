package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.Subscription;
import dev.watersmeet.sync.Principal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What live feeds do where the store or the authenticator fails under them: one that fails takes none of the others with it. */
@Timeout(30)
class FeedFailuresTest {
    private static final Principal CLEO = new Principal("cleo");

    /** The store, whose listeners cannot be taken off. */
    private static Store unableToUnsubscribe(Store store) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(store, arguments);
                        return answer instanceof Subscription subscription ? failing(subscription) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    private static Subscription failing(Subscription subscription) {
        return () -> {
            subscription.close();
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the connection is gone");
        };
    }

    private static Events open(TestServer server, TestReplica replica, String token) throws Exception {
        return Events.open(server, server.request(replica.path("changes?cursor=" + replica.cursor()), token));
    }

    @Test
    @Tag("P-17")
    void aStoreThatCannotLetGoOfAFeedKeepsNeitherItNorTheTokensOfTheOthers() throws Exception {
        TestTokens tokens = new TestTokens();
        tokens.issue(TestServer.ANN, new Principal("ann"), Instant.MAX);
        tokens.issue("first", CLEO, Instant.MAX);
        tokens.issue("second", CLEO, Instant.MAX);
        TestServer server = new TestServer(tokens, FeedFailuresTest::unableToUnsubscribe);
        try {
            TestReplica ann = new TestReplica(server, "shop");
            ann.snapshot();
            Events first = open(server, ann, "first");
            Events second = open(server, ann, "second");
            Events kept = open(server, ann, TestServer.ANN);
            first.nextEvent();
            second.nextEvent();
            kept.nextEvent();

            tokens.revoke("first");
            assertThat(first.end().code()).isEqualTo(ProblemCode.UNAUTHENTICATED);
            tokens.revoke("second");
            assertThat(second.end().code()).isEqualTo(ProblemCode.UNAUTHENTICATED);

            ann.sync(ann.put("1", Map.of("a", 1)));
            assertThat(kept.nextEvent().page().documents()).hasSize(1);
            assertThat(server.servlet.openFeeds()).isEqualTo(1);
        } finally {
            server.stop();
        }
    }

    @Test
    @Tag("P-17")
    void aTokenThatNobodyCouldBeAskedAboutStaysInDoubt() {
        Authentication standing = new Authentication(CLEO, Instant.MAX);
        AtomicBoolean away = new AtomicBoolean(true);
        Authenticator authenticator = token -> {
            if (away.get()) {
                throw new IllegalStateException("the issuer is away");
            }
            return Optional.of(standing);
        };
        FeedToken token = new FeedToken(authenticator, InstantSource.system(), new Caller("token", standing));
        assertThat(token.checked()).isEqualTo(CLEO);
        token.doubt();
        for (int spaces = 0; spaces < 2; spaces++) {
            assertThatThrownBy(token::checked).hasMessage("the issuer is away");
        }
        away.set(false);
        assertThat(token.checked()).isEqualTo(CLEO);
    }
}
