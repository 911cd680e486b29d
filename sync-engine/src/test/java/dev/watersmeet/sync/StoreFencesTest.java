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
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Purged;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
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
    @Tag("P-21")
    class Purges {
        @Test
        void aPushFromBeforeIsToReadOfItFirstAndTellsTheLastPush() {
            PushOutcome last = ada.push(title("t1", "v1"));
            createAndDelete("dead");
            String before = server.head();
            assertThat(server.purge().documents()).isEqualTo(1);

            Problem problem = problem(() -> ada.send(ada.next(title("dead", "again")), before));

            assertThat(problem.code()).isEqualTo(ProblemCode.PURGED);
            assertThat(problem.last()).isEqualTo(last);
            assertThat(server.stored(id("dead"))).isEqualTo(DocumentState.empty());
            assertThat(ada.push(title("t1", "v2")).rejected()).isEmpty();
        }

        @Test
        void aPullFromBeforeIsToldWhatWasDropped() {
            createAndDelete("dead");
            DocumentState dead = server.stored(id("dead"));
            String before = server.head();
            server.purge();
            server.documents().put("new", Map.of("title", "x"));

            Page page = server.engine.changes(ADA, SPACE, before);

            assertThat(page.documents()).isEmpty();
            assertThat(page.dropped()).containsExactly(new DocumentCells(id("dead"), dead));
            assertThat(page.more()).isTrue();
            SyncRequest pull = new SyncRequest(ada.id, before, true, null);
            assertThat(server.engine.sync(ADA, SPACE, pull).changes()).isEqualTo(page);
            Page next = server.engine.changes(ADA, SPACE, page.cursor());
            assertThat(next.documents()).extracting(DocumentCells::id).containsExactly(id("new"));
            assertThat(next.dropped()).isEmpty();
        }

        @Test
        void aPushThatWasAcceptedBeforeIsAnsweredFromTheRecord() {
            ada.push();
            Push push = ada.next(title("t1", "v1"));
            String before = server.head();
            PushOutcome outcome = ada.send(push, before);
            createAndDelete("dead");
            server.purge();

            assertThat(ada.send(push, before)).isEqualTo(outcome);
        }

        @Test
        void aPurgeOfNothingDisturbsNobody() {
            server.documents().put("t1", Map.of("title", "x"));
            String before = server.head();

            assertThat(server.purge()).isEqualTo(Purged.NOTHING);

            assertThat(ada.send(ada.next(title("t2", "v1")), before).rejected()).isEmpty();
        }

        @Test
        void aClientFromBeforeDropsTheSameAndConverges() {
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
    @Tag("P-23")
    class RestoredCopies {
        private ProblemCode pulled(String cursor) {
            SyncRequest pull = new SyncRequest(ada.id, cursor, true, null);
            Problem problem = problem(() -> server.engine.sync(ADA, SPACE, pull));
            assertThat(problem(() -> server.engine.changes(ADA, SPACE, cursor)).code())
                    .isEqualTo(problem.code());
            return problem.code();
        }

        @Test
        void whoHasForgottenNothingThatTheCopyHasNotMayOfferItAgain() {
            PushOutcome last = ada.push(title("t1", "v1"));
            String cursor = server.head();
            Push ahead = new Push(6, Pusher.nonce(6), Pusher.nonce(5), List.of(title("t1", "v2")));

            server.store.maintenance().renewEpoch(SPACE);

            assertThat(pulled(cursor)).isEqualTo(ProblemCode.RESTORED);
            Problem problem = problem(() -> ada.send(ahead, cursor));
            assertThat(problem.code()).as("whatever it follows").isEqualTo(ProblemCode.RESTORED);
            assertThat(problem.last()).isEqualTo(last);
            assertThat(ada.push(title("t1", "v3")).rejected()).isEmpty();
        }

        @Test
        void whoHasNotReadOfTheCopysPurgeMayNot() {
            createAndDelete("dead");
            String early = server.head();
            server.purge();
            String late = server.head();

            server.store.maintenance().renewEpoch(SPACE);

            assertThat(pulled(early)).isEqualTo(ProblemCode.RESYNC);
            assertThat(pulled(late)).isEqualTo(ProblemCode.RESTORED);
        }

        @Test
        void nobodyMayOnceSomethingIsPurgedAgain() {
            createAndDelete("dead");
            String cursor = server.head();
            server.store.maintenance().renewEpoch(SPACE);
            assertThat(pulled(cursor)).isEqualTo(ProblemCode.RESTORED);

            assertThat(server.purge().documents()).isEqualTo(1);

            assertThat(pulled(cursor)).isEqualTo(ProblemCode.RESYNC);
            Push push = ada.next(title("t1", "v1"));
            assertThat(problem(() -> ada.send(push, cursor)).code()).isEqualTo(ProblemCode.RESYNC);
        }

        @Test
        void soMayWhoRelays() {
            server.documents().put("t1", Map.of("title", "x"));
            String cursor = server.head();
            server.store.maintenance().renewEpoch(SPACE);
            SyncEngine relayed = SyncEngine.on(server.store)
                    .access((principal, space) -> Permission.RELAY)
                    .time(server.millis::get)
                    .open();
            Principal hub = new Principal("hub", Grants.of(Map.of("*", Permission.RELAY)));

            assertThat(problem(() -> relayed.changes(hub, SPACE, cursor)).code())
                    .isEqualTo(ProblemCode.RESTORED);
        }

        @Test
        void whoMayOnlyReadIsToResync() {
            server.documents().put("t1", Map.of("title", "x"));
            String cursor = server.head();
            server.store.maintenance().renewEpoch(SPACE);
            SyncEngine reading = SyncEngine.on(server.store)
                    .access((principal, space) -> Permission.READ)
                    .time(server.millis::get)
                    .open();

            assertThat(problem(() -> reading.changes(ADA, SPACE, cursor)).code())
                    .isEqualTo(ProblemCode.RESYNC);
        }

        @Test
        void theServerTakesANewIdForWhatItWritesItself() {
            ServerUnderTest any = new ServerUnderTest(builder -> builder.random(new SecureRandom()));
            any.documents().edit("t1", record -> record.put("votes", 1));
            ReplicaId before = ownReplica(any);
            any.restart();
            any.documents().edit("t1", record -> record.put("votes", 2));
            assertThat(ownReplica(any)).as("a restart is no reason").isEqualTo(before);
            DocumentState lost = any.stored(id("t1"));

            any.store.maintenance().renewEpoch(SPACE);
            any.restart();
            any.documents().edit("t1", record -> record.put("votes", 5));

            DocumentState state = any.stored(id("t1"));
            assertThat(lost.cells())
                    .allSatisfy((path, cell) -> assertThat(state.get(path)).isEqualTo(cell));
            assertThat(state.cells().keySet().stream().filter(path -> path.kind() == Kind.COUNTER))
                    .hasSize(2);
        }

        private ReplicaId ownReplica(ServerUnderTest any) {
            List<Path> own = any.stored(id("t1")).cells().keySet().stream()
                    .filter(path -> path.kind() == Kind.EXISTENCE)
                    .toList();
            assertThat(own).hasSize(1);
            return own.get(0).replica();
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
