package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.ADA;
import static dev.watersmeet.sync.ServerUnderTest.BOB;
import static dev.watersmeet.sync.ServerUnderTest.NOW;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static dev.watersmeet.sync.ServerUnderTest.edit;
import static dev.watersmeet.sync.ServerUnderTest.id;
import static dev.watersmeet.sync.ServerUnderTest.problem;
import static dev.watersmeet.sync.ServerUnderTest.pushed;
import static dev.watersmeet.sync.ServerUnderTest.stamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.store.SpaceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbered pushes (P-4 to P-6, P-10, P-11). */
class NumberedPushTest {
    private final ServerUnderTest server = new ServerUnderTest();
    private final Pusher ada = new Pusher(server, ADA, 1);

    private PushedDocument title(String title) {
        return pushed("t1", edit(stamp(server.millis.get(), ada.id), "title", title));
    }

    private PushedDocument foreign() {
        return pushed("t2", edit(stamp(NOW, new Pusher(server, BOB, 99).id), "title", "forged"));
    }

    private static void assertRefused(Problem problem, ProblemCode code, PushOutcome last) {
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.tellsLast()).isTrue();
        assertThat(problem.last()).isEqualTo(last);
    }

    @Test
    void pushesAreAcceptedOneAfterTheOther() {
        for (int number = 1; number <= 5; number++) {
            assertThat(ada.push(title("v" + number)))
                    .isEqualTo(new PushOutcome(number, Pusher.nonce(number), List.of()));
            server.millis.incrementAndGet();
        }
        assertThat(server.documents().get("t1").orElseThrow().fields().get("title"))
                .hasToString("\"v5\"");
    }

    @Test
    void aPushWithoutDocumentsIsAPush() {
        ada.push();
        assertThat(ada.push().number()).isEqualTo(2);
    }

    @Nested
    class Repetition {
        @Test
        @Tag("P-5")
        void isAnsweredFromTheRecord() {
            Push push = ada.next(title("v1"), foreign());
            PushOutcome outcome = ada.send(push);
            assertThat(outcome.rejected()).hasSize(1);
            assertThat(ada.send(push)).isEqualTo(outcome);
        }

        @Test
        @Tag("P-5")
        void isAnsweredFromTheRecordAlsoAfterARestart() {
            Push push = ada.next(title("v1"), foreign());
            PushOutcome outcome = ada.send(push);
            server.restart();
            assertThat(ada.send(push)).isEqualTo(outcome);
        }

        @Test
        @Tag("P-5")
        void joinsNothing() {
            Push push = ada.next(title("v1"));
            PushOutcome outcome = ada.send(push);
            String head = server.head();
            server.millis.incrementAndGet();
            Push same = new Push(push.number(), push.nonce(), push.after(), List.of(title("smuggled")));
            assertThat(ada.send(same)).isEqualTo(outcome);
            assertThat(server.head()).isEqualTo(head);
            assertThat(server.documents().get("t1").orElseThrow().fields().get("title"))
                    .hasToString("\"v1\"");
        }

        @Test
        void isAnsweredThoughTheCursorIsTooOldByNow() {
            Push push = ada.next(title("v1"));
            PushOutcome outcome = ada.send(push);
            assertThat(ada.send(push, "gone")).isEqualTo(outcome);
        }

        @Test
        void ofAnOlderPushIsOutOfOrder() {
            Push first = ada.next(title("v1"));
            ada.push(title("v1"));
            PushOutcome last = ada.push(title("v2"));
            assertRefused(problem(() -> ada.send(first)), ProblemCode.PUSH_OUT_OF_ORDER, last);
        }

        @Test
        void byManyAtOnceIsJoinedOnce() throws InterruptedException {
            String before = server.head();
            Push push = ada.next(title("v1"));
            List<PushOutcome> outcomes = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Thread thread = new Thread(() -> outcomes.add(ada.send(push, before)), "push-" + i);
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(outcomes).hasSize(8).allMatch(outcomes.get(0)::equals);
            String joinedOnce = server.head();
            assertThat(server.changesAfter(before)).hasSize(1);
            ada.send(push);
            assertThat(server.head()).isEqualTo(joinedOnce);
        }
    }

    @Nested
    class Order {
        @Test
        @Tag("P-5")
        void aGapIsOutOfOrder() {
            PushOutcome last = ada.push(title("v1"));
            Push push = new Push(3, Pusher.nonce(3), last.nonce(), List.of(title("v3")));
            String head = server.head();
            assertRefused(problem(() -> ada.send(push)), ProblemCode.PUSH_OUT_OF_ORDER, last);
            assertThat(server.head()).isEqualTo(head);
        }

        @Test
        void aFirstPushWithALaterNumberIsOutOfOrderAndTellsThatThereIsNone() {
            Push push = new Push(2, Pusher.nonce(2), Pusher.nonce(1), List.of());
            assertRefused(problem(() -> ada.send(push)), ProblemCode.PUSH_OUT_OF_ORDER, null);
        }

        @Test
        @Tag("P-5")
        void theSameNumberWithAnotherNonceIsAClone() {
            PushOutcome last = ada.push(title("v1"));
            Push push = new Push(1, Pusher.nonce(77), null, List.of(title("twin")));
            assertRefused(problem(() -> ada.send(push)), ProblemCode.REPLICA_CLONED, last);
        }

        @Test
        @Tag("P-5")
        void theNextNumberAfterAnotherNonceIsAClone() {
            PushOutcome last = ada.push(title("v1"));
            Push push = new Push(2, Pusher.nonce(2), Pusher.nonce(77), List.of(title("twin")));
            assertRefused(problem(() -> ada.send(push)), ProblemCode.REPLICA_CLONED, last);
        }

        @Test
        void theNextNumberAfterNoneIsAClone() {
            PushOutcome last = ada.push(title("v1"));
            Push push = new Push(2, Pusher.nonce(2), null, List.of(title("twin")));
            assertRefused(problem(() -> ada.send(push)), ProblemCode.REPLICA_CLONED, last);
        }

        @Test
        void aFirstPushAfterAnotherIsAClone() {
            Push push = new Push(1, Pusher.nonce(1), Pusher.nonce(77), List.of());
            assertRefused(problem(() -> ada.send(push)), ProblemCode.REPLICA_CLONED, null);
        }

        @Test
        void replicasAreNumberedEachForItself() {
            ada.push(title("v1"));
            ada.push();
            assertThat(new Pusher(server, ADA, 2).push().number()).isEqualTo(1);
        }
    }

    @Nested
    class Cursors {
        @Test
        @Tag("P-11")
        void aPushWithoutACursorIsToPullFirst() {
            PushOutcome last = ada.push(title("v1"));
            assertRefused(problem(() -> ada.send(ada.next(title("v2")), null)), ProblemCode.PULL_FIRST, last);
        }

        @Test
        void aCursorOfAnotherSpaceIsToResync() {
            PushOutcome last = ada.push(title("v1"));
            String foreign = server.store.head(SpaceId.of("another")).text();
            assertRefused(problem(() -> ada.send(ada.next(title("v2")), foreign)), ProblemCode.RESYNC, last);
            assertThat(server.documents().get("t1").orElseThrow().fields().get("title"))
                    .hasToString("\"v1\"");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "a b", "\u00E9", "\n"})
        void aCursorThatIsNoneIsMalformed(String cursor) {
            PushOutcome last = ada.push(title("v1"));
            assertRefused(problem(() -> ada.send(ada.next(title("v2")), cursor)), ProblemCode.MALFORMED, last);
        }

        @Test
        void anOldCursorIsGoodEnough() {
            String old = server.head();
            ada.push(title("v1"));
            assertThat(ada.send(ada.next(title("v2")), old).number()).isEqualTo(2);
        }
    }

    @Nested
    class Binding {
        @Test
        @Tag("P-10")
        void aReplicaBelongsToWhoPushedWithItFirst() {
            ada.push(title("v1"));
            Pusher thief = new Pusher(server, BOB, 1);
            Problem problem = problem(() -> thief.send(thief.next()));
            assertThat(problem.code()).isEqualTo(ProblemCode.REPLICA_BOUND);
            assertThat(problem.tellsLast()).as("it is nobody else's business").isFalse();
        }

        @Test
        void nobodyElseIsToldTheLastPush() {
            ada.push(title("v1"));
            assertThat(problem(() -> server.engine.snapshot(BOB, SPACE, ada.id, null))
                            .code())
                    .isEqualTo(ProblemCode.REPLICA_BOUND);
        }

        @Test
        void aReplicaIsBoundInEachSpaceByItself() {
            ada.push(title("v1"));
            SpaceId other = SpaceId.of("another");
            SnapshotPage page = server.engine.snapshot(BOB, other, ada.id, null);
            assertThat(page.last()).isNull();
        }

        @Test
        void theServersOwnReplicaIsNobodyElses() {
            server.documents().put("t1", Map.of("title", "by the server"));
            long own = server.stored(id("t1"))
                    .cells()
                    .values()
                    .iterator()
                    .next()
                    .stamp()
                    .replica()
                    .bits();
            Pusher forger = new Pusher(server, BOB, own);
            assertThat(problem(() -> forger.send(forger.next())).code()).isEqualTo(ProblemCode.REPLICA_BOUND);
        }
    }
}
