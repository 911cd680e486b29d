package dev.watersmeet.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.RejectionCode;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RefusalTest {
    private static final long HOUR = 3_600_000;

    private final TestServer server = TestServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    private static ProblemCode refused(ReplicaClient client) {
        return catchThrowableOfType(ProblemException.class, client::sync)
                .problem()
                .code();
    }

    @Nested
    class OfDocuments {
        @Test
        void refusedCreationIsTakenBackAndTheOthersAreAccepted() {
            try (ReplicaClient client = server.client().open()) {
                client.collection("nothings").put("n", Map.of("name", "Nothing"));
                client.collection("items").put("a", Map.of("name", "Box"));
                client.sync();
                assertThat(client.pending()).isZero();
                assertThat(client.collection("nothings").ids()).isEmpty();
                assertThat(server.items().get("a")).isPresent();
                assertThat(client.rejected()).singleElement().satisfies(edit -> {
                    assertThat(edit.document()).isEqualTo(DocumentId.of("nothings", "n"));
                    assertThat(edit.code()).isEqualTo(RejectionCode.UNKNOWN_COLLECTION);
                    assertThat(edit.detail()).contains("nothings");
                    assertThat(edit.record()).contains(Value.of(Map.of("name", "Nothing")));
                });
                assertThat(client.takeRejected()).hasSize(1);
                assertThat(client.rejected()).isEmpty();
            }
        }

        @Test
        @Tag("P-28")
        void stampsOfAClockThatRanAheadAreTakenBackAndPushedAnew() {
            AtomicLong ahead = new AtomicLong();
            try (ReplicaClient client = server.client()
                    .time(() -> System.currentTimeMillis() + ahead.get())
                    .open()) {
                Documents items = client.collection("items");
                items.put("a", Map.of("name", "Box", "quantity", 1));
                client.sync();
                ahead.set(HOUR);
                items.edit("a", item -> {
                    item.put("name", "From the future");
                    item.put("quantity", 2);
                });
                client.sync();
                assertThat(client.rejected()).isEmpty();
                assertThat(client.pending()).isZero();
                assertThat(server.items().get("a").orElseThrow().members())
                        .containsEntry("name", Value.of("From the future"))
                        .containsEntry("quantity", Value.of(2));
                assertThat(items.get("a")).isEqualTo(server.items().get("a")).isPresent();
            }
        }

        @Test
        void documentThatFitsIntoNoPushIsRefusedHereAndHoldsUpNothing() {
            try (ReplicaClient client = server.client().open()) {
                Map<String, Integer> huge = new HashMap<>();
                for (int i = 0; i <= 10_000; i++) {
                    huge.put("field " + i, i);
                }
                client.collection("items").put("huge", huge);
                client.collection("items").put("a", Map.of("name", "Box"));
                client.sync();
                assertThat(client.collection("items").ids()).containsExactly(Value.of("a"));
                assertThat(server.items().get("a")).isPresent();
                assertThat(client.rejected()).singleElement().satisfies(edit -> {
                    assertThat(edit.code()).isEqualTo(RejectionCode.TOO_LARGE);
                    assertThat(edit.detail())
                            .contains("items/\"huge\"")
                            .contains("10002 cells")
                            .contains("at most 10000 cells");
                });
            }
        }

        @Test
        void valueThatDoesNotFitItsFieldIsRefusedAtOnce() {
            try (ReplicaClient client = server.client().open()) {
                assertThatThrownBy(() -> client.collection("items").put("a", Map.of("quantity", "many")))
                        .isInstanceOf(MalformedException.class)
                        .hasMessageContaining("quantity");
                assertThat(client.pending()).isZero();
            }
        }
    }

    @Nested
    class OfExchanges {
        @Test
        void newTokenIsAskedForAndNothingIsLost() {
            AtomicReference<String> token = new AtomicReference<>("somebody");
            try (ReplicaClient client =
                    ReplicaClient.of(server.url(), TestServer.SPACE, token::get).open()) {
                client.sync();
                client.collection("items").put("a", Map.of("name", "Box"));
                token.set("expired");
                assertThat(refused(client)).isEqualTo(ProblemCode.UNAUTHENTICATED);
                assertThat(client.pending()).isOne();
                token.set("somebody");
                client.sync();
                assertThat(server.items().get("a")).isPresent();
            }
        }

        @Test
        void whoMayOnlyReadKeepsItsEditsPending() {
            try (ReplicaClient client = ReplicaClient.of(server.url(), TestServer.SPACE, () -> "reader")
                    .open()) {
                server.items().put("b", Map.of("name", "Box"));
                client.sync();
                client.collection("items").put("a", Map.of("name", "Box"));
                assertThat(refused(client)).isEqualTo(ProblemCode.FORBIDDEN);
                assertThat(client.pending()).isOne();
                assertThat(client.collection("items").get("b")).isPresent();
            }
        }

        @Test
        @Tag("P-28")
        void whoFindsSomebodyElseUnderItsIdBeforeItsFirstPushTakesAnother() {
            try (ReplicaClient first = server.client().random(numbers(1, 2, 3)).open();
                    ReplicaClient second =
                            server.client().random(numbers(1, 4, 5, 6)).open()) {
                first.collection("items").put("a", Map.of("name", "Box"));
                first.sync();
                second.sync();
                assertThat(second.replica()).isEqualTo(new ReplicaId(4)).isNotEqualTo(first.replica());
                assertThat(second.collection("items").get("a")).isPresent();
            }
        }

        @Test
        @Tag("P-28")
        void whoFindsSomebodyElseUnderItsIdTakesAnotherAndKeepsWhatIsPending() {
            try (ReplicaClient first =
                            server.client().random(numbers(1, 2, 3, 4, 5)).open();
                    ReplicaClient second =
                            server.client().random(numbers(1, 6, 7, 8, 9, 10)).open()) {
                first.sync();
                second.sync();
                first.collection("items").put("a", Map.of("name", "Box", "quantity", 2, "tags", List.of("x")));
                first.sync();
                second.collection("items").put("a", Map.of("name", "Crate", "quantity", 3, "tags", List.of("y")));
                second.collection("items").put("b", Map.of("quantity", 5));
                second.collection("items").delete("b");
                second.collection("items").put("b", Map.of("quantity", 1));
                second.sync();
                assertThat(second.replica()).isNotEqualTo(first.replica());
                assertThat(second.pending()).isZero();
                assertThat(second.rejected()).isEmpty();
                Map<String, Value> both = server.items().get("a").orElseThrow().members();
                assertThat(both).containsEntry("quantity", Value.of(5));
                assertThat(both.get("tags").elements()).containsExactlyInAnyOrder(Value.of("x"), Value.of("y"));
                assertThat(server.items().get("b").orElseThrow().members()).containsEntry("quantity", Value.of(1));
                first.sync();
                assertThat(first.collection("items").records())
                        .isEqualTo(second.collection("items").records());
            }
        }

        private RandomGenerator numbers(long... numbers) {
            Iterator<Long> next = Arrays.stream(numbers).boxed().toList().iterator();
            return next::next;
        }

        @Test
        void serverThatCannotNowIsTheCallersToAskAgain() {
            try (ReplicaClient client = server.client().open()) {
                client.collection("items").put("a", Map.of("name", "Box"));
                server.next(FaultyRelay.Fault.refusal(Problem.of(ProblemCode.STORE_UNAVAILABLE, "the store is away")));
                assertThat(refused(client)).isEqualTo(ProblemCode.STORE_UNAVAILABLE);
                client.sync();
                assertThat(server.items().get("a")).isPresent();
            }
        }

        @Test
        void serverThatRefusesForEverIsNotAskedForEver() {
            try (ReplicaClient client = server.client().open()) {
                for (int i = 0; i < 10; i++) {
                    server.next(FaultyRelay.Fault.refusal(Problem.of(ProblemCode.RESYNC, "again and again")));
                }
                assertThat(refused(client)).isEqualTo(ProblemCode.RESYNC);
                assertThat(server.requests()).hasSizeLessThan(10);
            }
        }
    }

    @Nested
    class OfConnections {
        @Test
        void answerOfSomethingElseThanAServerSaysSo() {
            try (ReplicaClient client = server.client().open()) {
                server.next(FaultyRelay.Fault.text(502, "<h1>Bad gateway</h1>"));
                assertThatThrownBy(client::sync)
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining("/v1/spaces/shop-7/snapshot")
                        .hasMessageContaining("502");
                server.next(FaultyRelay.Fault.text(200, "{\"protocol\":1}"));
                assertThatThrownBy(client::sync)
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining("time");
            }
        }

        @Test
        void serverThatIsNotThereIsNamed() {
            server.close();
            try (ReplicaClient client = server.client().open()) {
                client.collection("items").put("a", Map.of("name", "Box"));
                assertThatThrownBy(client::sync)
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining(server.url().toString());
                assertThat(client.pending()).isOne();
                assertThat(client.collection("items").get("a")).isPresent();
            }
        }

        @Test
        void answerThatStallsTimesOut() {
            try (ReplicaClient client =
                    server.client().requestTimeout(Duration.ofMillis(500)).open()) {
                server.next(FaultyRelay.Relayed::stall);
                assertThatThrownBy(client::sync)
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining("500 ms");
                client.sync();
            }
        }

        @Test
        void interruptedThreadStaysInterrupted() {
            try (ReplicaClient client = server.client().open()) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(client::sync).isInstanceOf(UncheckedIOException.class);
                assertThat(Thread.interrupted()).isTrue();
            }
        }

        @Test
        void closedClientSaysSo() {
            ReplicaClient client = server.client().open();
            client.close();
            assertThatThrownBy(client::sync).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> client.collection("items")).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void addressThatIsNoneIsRefused() {
            for (String url : List.of("/v1", "http://localhost/v1?x=1")) {
                assertThatThrownBy(() -> ReplicaClient.of(URI.create(url), "shop-7", () -> "token"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(url);
            }
        }
    }

    @Nested
    class OfClocks {
        @Test
        void slowClockIsCorrectedAtTheFirstContact() {
            TimeSource slow = () -> System.currentTimeMillis() - HOUR;
            try (ReplicaClient one = server.client().time(slow).open();
                    ReplicaClient two = server.client().open()) {
                one.sync();
                two.collection("items").put("a", Map.of("name", "Earlier"));
                two.sync();
                one.collection("items").put("a", Map.of("name", "Later"));
                one.sync();
                two.sync();
                assertThat(two.collection("items").get("a").orElseThrow().members())
                        .containsEntry("name", Value.of("Later"));
            }
        }

        @Test
        void fastClockIsCorrectedAtTheFirstContact() {
            TimeSource fast = () -> System.currentTimeMillis() + HOUR;
            try (ReplicaClient client = server.client().time(fast).open()) {
                client.sync();
                client.collection("items").put("a", Map.of("name", "Box"));
                client.sync();
                assertThat(client.rejected()).isEmpty();
                assertThat(server.items().get("a")).isPresent();
            }
        }
    }
}
