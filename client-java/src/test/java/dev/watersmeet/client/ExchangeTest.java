package dev.watersmeet.client;

import static dev.watersmeet.client.FaultyRelay.ANSWER_LOST;
import static dev.watersmeet.client.FaultyRelay.NONE;
import static dev.watersmeet.client.FaultyRelay.REQUEST_LOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.PushOutcome;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ExchangeTest {
    private final TestServer server = TestServer.start();
    private final ReplicaClient one = server.client().open();
    private final ReplicaClient two = server.client().open();
    private final Documents ones = one.collection("items");
    private final Documents twos = two.collection("items");

    @AfterEach
    void close() {
        one.close();
        two.close();
        server.close();
    }

    private static void count(Documents items, double by) {
        items.edit(
                "a", item -> item.merge("quantity", Value.of(by), (was, add) -> Value.of(((Value) was).number() + by)));
    }

    private double counted() {
        two.sync();
        return twos.get("a").orElseThrow().members().get("quantity").number();
    }

    @Nested
    class Pages {
        @Test
        void firstExchangeReadsAllPagesOfTheSnapshot() {
            for (int i = 0; i < 6_000; i++) {
                server.items().put("item " + i, Map.of("n", i));
            }
            one.sync();
            assertThat(ones.ids()).hasSize(6_000);
            assertThat(server.requests().stream().filter(path -> path.endsWith("/snapshot")))
                    .hasSizeGreaterThan(1);
        }

        @Test
        void snapshotGoesOnWhereItBroke() {
            for (int i = 0; i < 6_000; i++) {
                server.items().put("item " + i, Map.of("n", i));
            }
            server.next(NONE, FaultyRelay.Fault.text(502, "Bad gateway"));
            assertThatThrownBy(one::sync).isInstanceOf(UncheckedIOException.class);
            assertThat(ones.ids()).hasSizeBetween(1, 5_999);
            int before = server.requests().size();
            one.sync();
            assertThat(ones.ids()).hasSize(6_000);
            assertThat(server.requests().subList(before, server.requests().size()).stream()
                            .filter(path -> path.endsWith("/snapshot")))
                    .hasSize(2);
        }

        @Test
        void allPagesOfChangesAreRead() {
            one.sync();
            for (int i = 0; i < 6_000; i++) {
                server.items().put("item " + i, Map.of("n", i));
            }
            one.sync();
            assertThat(ones.ids()).hasSize(6_000);
        }

        @Test
        void manyEditsTravelInSeveralPushes() {
            for (int i = 0; i < 2 * Outbox.MAX_DOCUMENTS + 1; i++) {
                ones.put("item " + i, Map.of("n", i));
            }
            one.sync();
            assertThat(one.pending()).isZero();
            two.sync();
            assertThat(twos.ids()).hasSize(2 * Outbox.MAX_DOCUMENTS + 1);
        }

        @Test
        void bigDocumentsTravelInSeveralPushes() {
            String megabyte = "x".repeat(1_000_000);
            for (int i = 0; i < 10; i++) {
                ones.put("item " + i, Map.of("text", megabyte));
            }
            one.sync();
            assertThat(one.pending()).isZero();
            two.sync();
            assertThat(twos.ids()).hasSize(10);
        }

        @Test
        void onlyBigBodiesAreCompressed() {
            ones.put("a", Map.of("text", "small"));
            one.sync();
            assertThat(server.requests()).noneMatch(path -> path.endsWith("gzip"));
            ones.put("a", Map.of("text", "big".repeat(Transport.COMPRESSED_FROM_BYTES)));
            one.sync();
            assertThat(server.requests()).anyMatch(path -> path.endsWith("gzip"));
            assertThat(server.items().get("a")).isEqualTo(ones.get("a"));
        }
    }

    @Nested
    class Losses {
        @Test
        @Tag("P-4")
        void lostAnswerIsSettledOnce() {
            one.sync();
            count(ones, 3);
            server.next(ANSWER_LOST);
            assertThatThrownBy(one::sync).isInstanceOf(UncheckedIOException.class);
            assertThat(one.pending()).isOne();
            assertThat(counted()).isEqualTo(3); // it had arrived
            count(ones, 4);
            one.sync();
            assertThat(one.pending()).isZero();
            assertThat(counted()).isEqualTo(7);
            count(ones, 1);
            one.sync();
            assertThat(counted()).isEqualTo(8);
        }

        @Test
        @Tag("P-4")
        void lostRequestIsSentAgain() {
            one.sync();
            count(ones, 3);
            server.next(REQUEST_LOST);
            assertThatThrownBy(one::sync).isInstanceOf(UncheckedIOException.class);
            count(ones, 4);
            server.next(REQUEST_LOST);
            assertThatThrownBy(one::sync).isInstanceOf(UncheckedIOException.class);
            one.sync();
            assertThat(counted()).isEqualTo(7);
        }

        @Test
        @Tag("P-6")
        void refusalThatTellsTheLostPushSettlesIt() {
            one.sync();
            count(ones, 3);
            server.next(ANSWER_LOST);
            assertThatThrownBy(one::sync).isInstanceOf(UncheckedIOException.class);
            count(ones, 4);
            server.next(relayed -> {
                // what a server answers that repeats nothing: the outcome is only in the refusal
                PushOutcome outcome =
                        MergeFormat.readSyncAnswer(relayed.askInJson().body()).push();
                Problem problem = new Problem(ProblemCode.PUSH_OUT_OF_ORDER, "told", outcome);
                relayed.answer(409, MergeFormat.writeProblem(problem));
            });
            one.sync();
            assertThat(one.pending()).isZero();
            assertThat(counted()).isEqualTo(7);
        }

        @Test
        void editMadeWhileAPushIsOnItsWayIsNotHeldUpAndStaysPending() {
            one.sync();
            count(ones, 3);
            server.next(relayed -> {
                HttpResponse<byte[]> answer = relayed.ask();
                count(ones, 4); // on the server's thread: it would wait for ever if the exchange held the lock
                relayed.pass(answer);
            });
            one.sync();
            assertThat(ones.get("a").orElseThrow().members()).containsEntry("quantity", Value.of(7));
            assertThat(one.pending()).isOne();
            assertThat(counted()).isEqualTo(3);
            one.sync();
            assertThat(counted()).isEqualTo(7);
        }

        @Test
        void echoSettlesWhatWasLost() {
            one.sync();
            count(ones, 3);
            server.next(ANSWER_LOST);
            assertThatThrownBy(one::sync).isInstanceOf(UncheckedIOException.class);
            count(ones, 4);
            server.next(FaultyRelay.Fault.refusal(Problem.of(ProblemCode.RESYNC, "no last is told")));
            one.sync(); // the snapshot tells the push, and then shows its cells
            assertThat(one.pending()).isZero();
            assertThat(counted()).isEqualTo(7);
        }
    }

    @Nested
    class Resync {
        @Test
        void whatTheServerLostAndNobodyEditsIsDropped() {
            ones.put("a", Map.of("name", "Box"));
            one.sync();
            server.loseEverything();
            server.items().put("b", Map.of("name", "New"));
            one.sync();
            assertThat(ones.records().keySet()).containsExactly(Value.of("b"));
        }

        @Test
        void whatTheServerLostAndIsDeletedHereIsDropped() {
            ones.put("a", Map.of("name", "Box"));
            one.sync();
            server.loseEverything();
            ones.delete("a");
            one.sync();
            assertThat(one.pending()).isZero();
            assertThat(server.items().get("a")).isEmpty();
        }

        @Test
        @Tag("P-9")
        void whatTheServerLostAndIsEditedHereIsUploadedWhole() {
            ones.put("a", Map.of("name", "Box", "quantity", 10));
            one.sync();
            two.sync();
            count(twos, 5);
            two.sync();
            one.sync();
            server.loseEverything();
            ones.edit("a", item -> item.put("name", "Crate"));
            one.sync();
            assertThat(server.items().get("a").orElseThrow().members())
                    .containsEntry("name", Value.of("Crate"))
                    .containsEntry("quantity", Value.of(15));
            assertThat(counted()).isEqualTo(15);
        }

        @Test
        void uploadsByTwoReplicasDoNotCountTwice() {
            count(ones, 10);
            one.sync();
            two.sync();
            count(twos, 5);
            two.sync(); // one has not seen these 5: they are lost with the server
            count(ones, 1);
            count(twos, 2);
            server.loseEverything();
            one.sync();
            assertThat(server.items().get("a").orElseThrow().members()).containsEntry("quantity", Value.of(11));
            two.sync(); // finds the document there again
            one.sync();
            assertThat(counted()).isEqualTo(13);
            assertThat(ones.records()).isEqualTo(twos.records());
        }

        @Test
        void uploadThatMeetsAnotherOnesDoesNotCountTwice() {
            count(ones, 10);
            one.sync();
            two.sync();
            count(ones, 5);
            one.sync();
            for (int i = 0; i < Outbox.MAX_DOCUMENTS; i++) {
                ones.put("item " + i, Map.of("n", i)); // the first push is full
            }
            count(ones, 2);
            count(twos, 1);
            server.loseEverything();
            server.next(
                    FaultyRelay.Fault.refusal(Problem.of(ProblemCode.RESYNC, "lost")),
                    NONE, // the snapshot, which shows nothing
                    relayed -> {
                        two.sync(); // uploads its copy, which is older; one reads that before it uploads its own
                        relayed.pass(relayed.ask());
                    });
            one.sync();
            assertThat(one.pending()).isZero();
            assertThat(ones.get("a").orElseThrow().members()).containsEntry("quantity", Value.of(18));
            assertThat(counted()).isEqualTo(18);
        }

        @Test
        void editThatWasNeverPushedSurvives() {
            one.sync();
            ones.put("new", Map.of("name", "New"));
            server.loseEverything();
            one.sync();
            assertThat(server.items().get("new")).isEqualTo(ones.get("new")).isPresent();
        }
    }

    @Test
    void replicasThatLoseAnswersAtRandomConvergeAndCountRight() {
        RandomGenerator random = new Random(7);
        Map<ReplicaClient, Documents> clients = new HashMap<>(Map.of(one, ones, two, twos));
        double expected = 0;
        one.sync();
        two.sync();
        for (int step = 0; step < 400; step++) {
            boolean first = random.nextBoolean();
            ReplicaClient client = first ? one : two;
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    int by = random.nextInt(1, 10);
                    count(clients.get(client), by);
                    expected += by;
                }
                case 2 -> client.sync();
                default -> {
                    server.next(random.nextBoolean() ? ANSWER_LOST : REQUEST_LOST);
                    assertThatThrownBy(client::sync).isInstanceOf(UncheckedIOException.class);
                }
            }
        }
        one.sync();
        two.sync();
        one.sync();
        assertThat(one.pending() + two.pending()).isZero();
        assertThat(ones.records()).isEqualTo(twos.records());
        assertThat(counted()).isEqualTo(expected);
    }
}
