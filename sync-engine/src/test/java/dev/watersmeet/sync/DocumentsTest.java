package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.ADA;
import static dev.watersmeet.sync.ServerUnderTest.NOW;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static dev.watersmeet.sync.ServerUnderTest.edit;
import static dev.watersmeet.sync.ServerUnderTest.id;
import static dev.watersmeet.sync.ServerUnderTest.pushed;
import static dev.watersmeet.sync.ServerUnderTest.stamp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The server's own reading and editing. */
class DocumentsTest {
    private final ServerUnderTest server = new ServerUnderTest();
    private final Documents todos = server.documents();

    /** What a client shows that has read a snapshot. */
    private Map<Object, Value> shownByAClient() {
        Map<Object, Value> records = new HashMap<>();
        for (DocumentCells document :
                server.engine.snapshot(ADA, SPACE, new ReplicaId(5), null).documents()) {
            Records.read(document.cells(), ServerUnderTest.SCHEMA)
                    .ifPresent(record -> records.put(document.id().id().tree(), record));
        }
        return records;
    }

    @Test
    void whatIsPutIsReadAndFlowsToClients() {
        String start = server.head();
        todos.put("t1", Map.of("title", "milk", "tags", List.of("a"), "votes", 3));
        Value expected = Value.parse("{\"title\":\"milk\",\"tags\":[\"a\"],\"votes\":3}");
        assertThat(todos.get("t1")).contains(expected);
        assertThat(server.changesAfter(start)).singleElement().satisfies(document -> {
            assertThat(document.id()).isEqualTo(id("t1"));
            assertThat(Records.read(document.cells(), ServerUnderTest.SCHEMA)).contains(expected);
        });
        assertThat(shownByAClient()).containsExactly(Map.entry("t1", expected));
    }

    @Test
    void anEditStartsFromWhatStands() {
        todos.put("t1", Map.of("title", "milk", "votes", 3));
        todos.edit("t1", todo -> {
            assertThat(todo).containsEntry("title", Value.of("milk"));
            todo.put("done", true);
            todo.remove("title");
            todo.put("votes", 4);
        });
        assertThat(todos.get("t1")).contains(Value.parse("{\"done\":true,\"tags\":[],\"votes\":4}"));
    }

    @Test
    void anEditOfNothingCreates() {
        todos.edit("t1", todo -> {
            assertThat(todo).isEmpty();
            todo.put("title", null);
        });
        assertThat(todos.get("t1")).contains(Value.parse("{\"title\":null,\"tags\":[],\"votes\":0}"));
    }

    @Test
    void aDeletionFlowsToClientsAndLeavesNothingToRead() {
        todos.put("t1", Map.of("title", "milk"));
        String start = server.head();
        todos.delete("t1");
        assertThat(todos.get("t1")).isEmpty();
        assertThat(server.changesAfter(start)).hasSize(1);
        assertThat(shownByAClient()).isEmpty();
    }

    @Test
    void whatChangesNothingIsNotWritten() {
        todos.put("t1", Map.of("title", "milk"));
        String head = server.head();
        todos.put("t1", Map.of("title", "milk"));
        todos.edit("t1", todo -> {});
        todos.delete("unknown");
        assertThat(server.head()).isEqualTo(head);
    }

    @Test
    void onlyWhatDiffersIsWritten() {
        todos.put("t1", Map.of("title", "milk", "done", false));
        String start = server.head();
        todos.put("t1", Map.of("title", "milk", "done", true));
        assertThat(server.changesAfter(start).get(0).cells().cells().keySet())
                .extracting(Path::kind)
                .containsExactlyInAnyOrder(Kind.REGISTER, Kind.EXISTENCE);
    }

    @Test
    void anEditIsAboveWhatClientsWroteThoughTheirClocksAreAhead() {
        Pusher ada = new Pusher(server, ADA, 1);
        ada.push(pushed("t1", edit(stamp(NOW + 60_000, ada.id), "title", "by ada")));
        todos.put("t1", Map.of("title", "by the server"));
        assertThat(todos.get("t1").orElseThrow().fields()).containsEntry("title", Value.of("by the server"));
    }

    @Test
    void anEditIsAboveWhatStandsAlsoAfterARestart() {
        Pusher ada = new Pusher(server, ADA, 1);
        ada.push(pushed("t1", edit(stamp(NOW + 60_000, ada.id), "title", "by ada")));
        server.restart();
        server.millis.addAndGet(-1_000_000);
        server.documents().put("t1", Map.of("title", "by the server"));
        assertThat(server.documents().get("t1").orElseThrow().fields())
                .containsEntry("title", Value.of("by the server"));
    }

    @Test
    void aValueThatDoesNotFitIsRefusedAndNothingIsWritten() {
        String head = server.head();
        assertThatThrownBy(() -> todos.put("t1", Map.of("tags", "a"))).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> todos.edit("t1", todo -> todo.put("votes", "many")))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> todos.put("t1", Map.of("title", new Object()))).isInstanceOf(MalformedException.class);
        assertThat(server.head()).isEqualTo(head);
    }

    @Test
    void anEditorThatFailsWritesNothing() {
        String head = server.head();
        assertThatThrownBy(() -> todos.edit("t1", todo -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(server.head()).isEqualTo(head);
        todos.put("t1", Map.of("title", "the lock is free"));
    }

    @Test
    void idsAreKeysOfAnyKind() {
        todos.put("1", Map.of("title", "string"));
        todos.put(Value.of(1), Map.of("title", "number"));
        todos.put(List.of("a", 1), Map.of("title", "array"));
        assertThat(shownByAClient()).hasSize(3);
        assertThat(todos.get(Value.of(1)).orElseThrow().fields()).containsEntry("title", Value.of("number"));
        assertThatThrownBy(() -> todos.get(true)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> todos.get(Map.of())).isInstanceOf(MalformedException.class);
    }

    @Test
    void editsOfManyThreadsAllCount() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(
                    () -> {
                        for (int n = 0; n < 50; n++) {
                            server.documents()
                                    .edit(
                                            "t1",
                                            todo -> todo.merge(
                                                    "votes", 1, (stands, one) -> ((Value) stands).number() + 1));
                        }
                    },
                    "edit-" + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(todos.get("t1").orElseThrow().fields()).containsEntry("votes", Value.of(200));
    }

    @Test
    void collectionsThatAreNotDeclaredAreRegistersOrRefused() {
        server.engine.space(SPACE.name()).collection("notes").put("n1", Map.of("tags", "a"));
        SyncEngine strict =
                SyncEngine.on(server.store).onlyDeclaredCollections().open();
        assertThatThrownBy(() -> strict.space(SPACE.name()).collection("notes"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("notes");
    }
}
