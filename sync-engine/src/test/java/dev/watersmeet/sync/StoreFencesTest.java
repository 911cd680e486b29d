package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.ADA;
import static dev.watersmeet.sync.ServerUnderTest.NOW;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static dev.watersmeet.sync.ServerUnderTest.edit;
import static dev.watersmeet.sync.ServerUnderTest.id;
import static dev.watersmeet.sync.ServerUnderTest.problem;
import static dev.watersmeet.sync.ServerUnderTest.pushed;
import static dev.watersmeet.sync.ServerUnderTest.stamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Purged;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the store's fences and limits mean for those who come over a transport. */
class StoreFencesTest {
    private final ServerUnderTest server = new ServerUnderTest();
    private final Pusher ada = new Pusher(server, ADA, 1);

    private PushedDocument title(String id, Object title) {
        return pushed(id, edit(stamp(NOW, ada.id), "title", title));
    }

    private void createAndDelete(String id) {
        server.documents().put(id, Map.of("title", "old", "tags", List.of("a")));
        server.documents().delete(id);
    }

    @Nested
    class Purges {
        @Test
        void aPushFromBeforeIsToResyncAndTellsTheLastPush() {
            PushOutcome last = ada.push(title("t1", "v1"));
            createAndDelete("dead");
            String before = server.head();
            assertThat(server.purge().documents()).isEqualTo(1);

            Problem problem = problem(() -> ada.send(ada.next(title("dead", "again")), before));

            assertThat(problem.code()).isEqualTo(ProblemCode.RESYNC);
            assertThat(problem.last()).isEqualTo(last);
            assertThat(server.stored(id("dead"))).isEqualTo(DocumentState.empty());
            assertThat(ada.push(title("t1", "v2")).rejected()).isEmpty();
        }

        @Test
        void aPullFromBeforeIsToResync() {
            createAndDelete("dead");
            String before = server.head();
            server.purge();

            assertThat(problem(() -> server.engine.changes(ADA, SPACE, before)).code())
                    .isEqualTo(ProblemCode.RESYNC);
            SyncRequest pull = new SyncRequest(ada.id, before, true, null);
            assertThat(problem(() -> server.engine.sync(ADA, SPACE, pull)).code())
                    .isEqualTo(ProblemCode.RESYNC);
            assertThat(server.engine.changes(ADA, SPACE, server.head()).documents())
                    .isEmpty();
        }

        @Test
        void aPurgeOfNothingDisturbsNobody() {
            server.documents().put("t1", Map.of("title", "x"));
            String before = server.head();

            assertThat(server.purge()).isEqualTo(Purged.NOTHING);

            assertThat(ada.send(ada.next(title("t2", "v1")), before).rejected()).isEmpty();
        }

        @Test
        void aClientFromBeforeTakesASnapshotAndConverges() {
            SimulatedClient early = new SimulatedClient(server, 7, server.millis::get);
            SimulatedClient other = new SimulatedClient(server, 8, server.millis::get);
            early.edit(id("dead"), read -> Value.record(Map.of("title", "old")));
            early.edit(id("living"), read -> Value.record(Map.of("title", "x", "tags", List.of("a", "b"))));
            early.sync(SimulatedClient.Fate.ANSWERED);
            other.sync(SimulatedClient.Fate.ANSWERED);
            other.sync(SimulatedClient.Fate.ANSWERED);
            other.edit(id("dead"), read -> null);
            other.edit(id("living"), read -> Value.record(Map.of("title", "x", "tags", List.of("b"))));
            other.sync(SimulatedClient.Fate.ANSWERED);
            assertThat(server.purge().documents()).isEqualTo(1);
            early.edit(id("living"), read -> Value.record(Map.of("title", "edited", "tags", List.of("a", "b"))));

            for (int round = 0; round < 4; round++) {
                early.sync(SimulatedClient.Fate.ANSWERED);
                other.sync(SimulatedClient.Fate.ANSWERED);
            }

            assertThat(early.isSettled()).isTrue();
            assertThat(server.documents().get("dead")).isEmpty();
            for (SimulatedClient client : List.of(early, other)) {
                assertThat(client.record(id("dead"))).isEmpty();
                assertThat(client.record(id("living")))
                        .isEqualTo(server.documents().get("living"));
            }
            assertThat(Objects.requireNonNull(server.documents()
                            .get("living")
                            .orElseThrow()
                            .fields()
                            .get("title")))
                    .hasToString("\"edited\"");
        }

        @Test
        void theServersOwnEditIsMadeAnewIfItsDocumentIsPurgedMeanwhile() {
            createAndDelete("dead");
            List<Map<String, ?>> seen = new ArrayList<>();

            server.documents().edit("dead", record -> {
                if (seen.isEmpty()) {
                    assertThat(server.purge().documents()).isEqualTo(1);
                }
                seen.add(new LinkedHashMap<>(record));
                record.put("note", "by the server");
            });

            assertThat(seen).hasSize(2);
            Value record = server.documents().get("dead").orElseThrow();
            assertThat(record.fields()).containsKey("note").doesNotContainKey("title");
            assertThat(server.stored(id("dead")).cells().keySet())
                    .as("nothing of the purged document")
                    .noneMatch(path -> path.equals(Path.register("title")));
        }
    }

    @Nested
    class DeletedSpaces {
        @Test
        void everybodyIsToResync() {
            ada.push(title("t1", "v1"));
            String before = server.head();

            server.store.maintenance().deleteSpace(SPACE);

            assertThat(problem(() -> server.engine.changes(ADA, SPACE, before)).code())
                    .isEqualTo(ProblemCode.RESYNC);
            assertThat(server.store.maintenance().spaces(null, 10))
                    .as("asking does not bring it back")
                    .isEmpty();
        }

        @Test
        void theServersOwnReplicaBeginsAnew() {
            server.documents().put("t1", Map.of("title", "x"));
            server.store.maintenance().deleteSpace(SPACE);
            server.millis.addAndGet(60_000);

            server.documents().put("t1", Map.of("title", "y"));

            assertThat(server.documents().get("t1")).isPresent();
            long own = server.stored(id("t1"))
                    .cells()
                    .values()
                    .iterator()
                    .next()
                    .stamp()
                    .replica()
                    .bits();
            Pusher forger = new Pusher(server, ADA, own);
            assertThat(problem(() -> forger.send(forger.next())).code()).isEqualTo(ProblemCode.REPLICA_BOUND);
        }
    }

    @Nested
    class SmallStores {
        private final ServerUnderTest small =
                new ServerUnderTest(builder -> builder, new Limits(1_000, 2_000, 3_000, 50, 8 << 10));
        private final Pusher bob = new Pusher(small, ADA, 2);

        private PushedDocument document(String id, int cells, int bytes) {
            DocumentState state = edit(stamp(NOW, bob.id), "title", "x");
            for (int i = 0; i < cells; i++) {
                state.join(Path.register("field" + i), Cell.live(stamp(NOW, bob.id), Value.of("x".repeat(bytes))));
            }
            return pushed(id, state);
        }

        @Test
        void whatIsAboveALimitIsRefusedByItself() {
            PushOutcome outcome = bob.push(
                    document("good", 1, 10),
                    document("cell", 1, 1_000),
                    document("document", 5, 500),
                    document("cells", 50, 1),
                    document("fine", 1, 10));

            assertThat(outcome.rejected())
                    .extracting(Rejection::id)
                    .containsExactly(id("cell"), id("document"), id("cells"));
            assertThat(outcome.rejected()).allSatisfy(rejection -> {
                assertThat(rejection.code()).isEqualTo(RejectionCode.TOO_LARGE);
                assertThat(rejection.detail()).contains("at most");
            });
            assertThat(small.documents().get("good")).isPresent();
            assertThat(small.documents().get("fine")).isPresent();
        }

        @Test
        void aPushAboveTheLimitOfABatchIsJoinedInSeveral() {
            PushedDocument[] documents = new PushedDocument[20];
            for (int i = 0; i < documents.length; i++) {
                documents[i] = document("d" + i, 2, 300);
            }

            PushOutcome outcome = bob.push(documents);

            assertThat(outcome.rejected()).isEmpty();
            for (int i = 0; i < documents.length; i++) {
                assertThat(small.documents().get("d" + i)).isPresent();
            }
            assertThat(bob.push(document("next", 1, 1)).number()).isEqualTo(2);
        }
    }
}
