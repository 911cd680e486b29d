package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.ADA;
import static dev.watersmeet.sync.ServerUnderTest.BOB;
import static dev.watersmeet.sync.ServerUnderTest.NOW;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static dev.watersmeet.sync.ServerUnderTest.edit;
import static dev.watersmeet.sync.ServerUnderTest.problem;
import static dev.watersmeet.sync.ServerUnderTest.pushed;
import static dev.watersmeet.sync.ServerUnderTest.stamp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Subscription;
import dev.watersmeet.store.memory.MemoryStore;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AccessTest {
    private static final ReplicaId REPLICA = new ReplicaId(1);

    private final Map<Principal, Permission> permissions = new HashMap<>(Map.of(ADA, Permission.WRITE));
    private final ServerUnderTest server = new ServerUnderTest(
            builder -> builder.access((principal, space) -> permissions.getOrDefault(principal, Permission.NONE)));
    private final Pusher bob = new Pusher(server, BOB, 2);

    private static void assertForbidden(ThrowingCallable call) {
        assertThat(problem(call).code()).isEqualTo(ProblemCode.FORBIDDEN);
    }

    @Test
    void whoMayDoNothingIsRefusedEverything() {
        String head = server.head();
        SyncEngine engine = server.engine;
        assertForbidden(() -> engine.sync(BOB, SPACE, new SyncRequest(REPLICA, head, true, null)));
        assertForbidden(() -> engine.sync(BOB, SPACE, new SyncRequest(REPLICA, head, false, null)));
        assertForbidden(() -> engine.changes(BOB, SPACE, head));
        assertForbidden(() -> engine.snapshot(BOB, SPACE, REPLICA, null));
        assertForbidden(() -> engine.watch(BOB, SPACE, () -> {}));
        assertForbidden(() -> bob.send(bob.next()));
    }

    @Test
    void whoMayDoNothingDoesNotLearnWhetherACursorStands() {
        assertForbidden(() -> server.engine.changes(BOB, SPACE, "unknown"));
        assertForbidden(() -> server.engine.snapshot(BOB, SPACE, REPLICA, "not a position"));
    }

    @Test
    void whoMayReadReads() {
        permissions.put(BOB, Permission.READ);
        String before = server.head();
        new Pusher(server, ADA, 1).push(pushed("t1", edit(stamp(NOW, REPLICA), "title", "x")));
        assertThat(server.engine.changes(BOB, SPACE, before).documents()).hasSize(1);
        assertThat(server.engine.snapshot(BOB, SPACE, bob.id, null).documents()).hasSize(1);
        assertThat(server.engine
                        .sync(BOB, SPACE, new SyncRequest(bob.id, before, true, null))
                        .changes()
                        .documents())
                .hasSize(1);
    }

    @Test
    void whoMayReadMayNotPushAndLeavesNothingBehind() {
        permissions.put(BOB, Permission.READ);
        String before = server.head();
        assertForbidden(() -> bob.send(bob.next(pushed("t1", edit(stamp(NOW, bob.id), "title", "x")))));
        assertForbidden(() -> server.engine.sync(BOB, SPACE, new SyncRequest(bob.id, before, true, bob.next())));
        assertThat(server.head()).isEqualTo(before);
        assertThat(server.store.mark(SPACE, bob.id)).isEmpty();
    }

    @Test
    void whoMayNoLongerWriteIsToldWhatWasAcceptedBefore() {
        permissions.put(BOB, Permission.WRITE);
        PushOutcome last = bob.push(pushed("t1", edit(stamp(NOW, bob.id), "title", "x")));
        permissions.put(BOB, Permission.READ);
        Problem problem = problem(() -> bob.send(bob.next()));
        assertThat(problem.code()).isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(problem.tellsLast()).isTrue();
        assertThat(problem.last()).isEqualTo(last);
    }

    @Test
    void permissionsAreThoseOfTheSpace() {
        ServerUnderTest shops = new ServerUnderTest(builder ->
                builder.access((principal, space) -> space.equals(SPACE) ? Permission.WRITE : Permission.NONE));
        shops.engine.changes(ADA, SPACE, shops.head());
        SpaceId other = SpaceId.of("another");
        String head = shops.store.head(other).text();
        assertForbidden(() -> shops.engine.changes(ADA, other, head));
    }

    @Test
    void withoutAPolicyNobodyMayDoAnything() {
        SyncEngine engine = SyncEngine.on(MemoryStore.empty()).open();
        assertForbidden(() -> engine.snapshot(ADA, SPACE, REPLICA, null));
    }

    @Test
    void whoWatchesIsCalledUntilTheSubscriptionIsClosed() {
        AtomicInteger calls = new AtomicInteger();
        Subscription subscription = server.engine.watch(ADA, SPACE, calls::incrementAndGet);
        server.documents().put("t1", Map.of("title", "x"));
        assertThat(calls).hasPositiveValue();
        subscription.close();
        subscription.close();
        int before = calls.get();
        server.documents().put("t1", Map.of("title", "y"));
        assertThat(calls).hasValue(before);
    }

    @Test
    void aPrincipalHasAName() {
        assertThatThrownBy(() -> new Principal(" ")).isInstanceOf(IllegalArgumentException.class);
    }
}
