package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.COLLECTION;
import static dev.watersmeet.sync.ServerUnderTest.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OpenSpacesTest {
    private static final SpaceId ONE = SpaceId.of("one");
    private static final SpaceId OTHER = SpaceId.of("other");

    private final ServerUnderTest server = new ServerUnderTest();
    private final ServerClock clock = new ServerClock(server.millis::get, 60_000);
    private final Collections collections = Collections.of(new Schema(Map.of(COLLECTION, SCHEMA)), false);
    private final OpenSpaces spaces = new OpenSpaces(
            1,
            id -> ServerReplica.open(server.store, id, "main", clock, new Random(7)),
            (id, replica) -> new Space(server.store, id, collections, replica, clock, Access.writeEverywhere()));

    private static Documents documents(Space space) {
        return space.collection(COLLECTION);
    }

    private static void vote(Map<String, @Nullable Object> record) {
        record.put("votes", Value.of(record.get("votes")).number() + 1);
    }

    private DocumentState stored(String document) {
        DocumentId id = new DocumentId(COLLECTION, Value.of(document));
        return server.store.read(ONE, List.of(id)).getOrDefault(id, DocumentState.empty());
    }

    private Stamp stampOf(String document) {
        return stored(document).get(Path.register("title")).stamp();
    }

    @Test
    void theOneThatWasUsedLastIsKeptAndAnotherIsForgotten() {
        Space first = spaces.get(ONE);
        assertThat(spaces.get(ONE)).isSameAs(first);
        spaces.get(OTHER);
        spaces.get(OTHER);
        assertThat(spaces.get(ONE)).isNotSameAs(first);
    }

    @Test
    void whoHoldsAForgottenSpaceAndWhoOpensItAnewAreOneReplicaWithoutAStampTwice() {
        Documents held = documents(spaces.get(ONE));
        held.put("a", Map.of("title", 1));
        spaces.get(OTHER);
        spaces.get(OTHER);
        documents(spaces.get(ONE)).put("b", Map.of("title", 2));
        held.put("c", Map.of("title", 3));
        assertThat(List.of(stampOf("a"), stampOf("b"), stampOf("c")))
                .isSorted()
                .doesNotHaveDuplicates()
                .allSatisfy(stamp ->
                        assertThat(stamp.replica()).isEqualTo(stampOf("a").replica()));
    }

    @Test
    void whatBothCountAtOnceCountsTwice() throws InterruptedException, ExecutionException {
        Documents held = documents(spaces.get(ONE));
        held.put("a", Map.of("votes", 0));
        spaces.get(OTHER);
        spaces.get(OTHER);
        Documents anew = documents(spaces.get(ONE));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Documents documents : List.of(held, anew)) {
                running.add(threads.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        documents.edit("a", OpenSpacesTest::vote);
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(held.get("a").orElseThrow().fields().get("votes")).isEqualTo(Value.of(1000));
    }
}
