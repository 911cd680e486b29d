package dev.watersmeet.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Conflict;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The examples of the guide {@code docs/conflicts.md}, which are parts of this file, and what else there is to conflicts over a real server. */
class ConflictsGuideTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Logger log = LoggerFactory.getLogger(ConflictsGuideTest.class);

    private final TestServer server = TestServer.start();
    private final List<String> told = new ArrayList<>();
    private final List<Conflict> found = new ArrayList<>();
    private final ReplicaClient ada = server.client()
            .schema(TestServer.NOTES)
            .onConflict((document, conflict) -> {
                told.add(document + ": " + conflict.way());
                found.add(conflict);
            })
            .open();
    private final ReplicaClient bob = server.client().schema(TestServer.NOTES).open();
    private final Documents adas = ada.collection("notes");
    private final Documents bobs = bob.collection("notes");

    @AfterEach
    void close() {
        ada.close();
        bob.close();
        server.close();
    }

    private void adaCreates(Map<String, ?> note) {
        adas.put("n1", note);
        ada.sync();
        bob.sync();
    }

    /** Bob is the first to exchange, so Ada hears of his edit while hers is pending. */
    private void meet() {
        bob.sync();
        ada.sync();
        bob.sync();
        assertThat(adas.records()).isEqualTo(bobs.records());
    }

    /** Lets the clocks go on, so that the next edit is the later one. */
    private static void later() {
        long before = System.currentTimeMillis();
        while (System.currentTimeMillis() <= before) {
            Thread.onSpinWait();
        }
    }

    @Test
    void everyExampleIsPartOfThisFile() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/watersmeet/client/ConflictsGuideTest.java"));
        String guide = Files.readString(Path.of("../docs/conflicts.md"));
        List<String> examples =
                EXAMPLE.matcher(guide).results().map(match -> match.group(1)).toList();
        assertThat(examples).hasSize(2);
        assertThat(examples).allSatisfy(example -> assertThat(spaced(source)).contains(spaced(example)));
    }

    private static String spaced(String text) {
        return SPACE.matcher(text).replaceAll(" ");
    }

    @Test
    void listening() {
        ReplicaClient client = server.client()
                .onConflict((document, conflict) -> log.warn("{}: {}", document, conflict))
                .open();
        client.close();
    }

    @Test
    void keepingWhatIsLost() {
        List<Value> lost = new ArrayList<>();
        ReplicaClient client = server.client()
                .onConflict((document, conflict) -> {
                    if (!conflict.isWon() && conflict.mine().value() != null) {
                        lost.add(conflict.mine().value());
                    }
                })
                .open();
        adaCreates(Map.of("title", "x"));
        client.sync();
        client.collection("notes").edit("n1", note -> note.put("title", "mine"));
        later();
        bobs.edit("n1", note -> note.put("title", "theirs"));
        bob.sync();
        client.sync();
        assertThat(lost).containsExactly(Value.of("mine"));
        client.close();
    }

    @Test
    void anEditThatLosesIsToldWithWhatWon() {
        adaCreates(Map.of("title", "x"));
        adas.edit("n1", note -> note.put("title", "A"));
        later();
        bobs.edit("n1", note -> note.put("title", "B"));
        meet();
        assertThat(told).containsExactly(DocumentId.of("notes", "n1") + ": [title]");
        assertThat(found).singleElement().satisfies(conflict -> {
            assertThat(conflict.isWon()).isFalse();
            assertThat(conflict.mine().value()).isEqualTo(Value.of("A"));
            assertThat(conflict.theirs().value()).isEqualTo(Value.of("B"));
            assertThat(conflict.theirs().stamp().replica()).isEqualTo(bob.replica());
        });
    }

    @Test
    void anEditThatWinsIsToldWithWhatLost() {
        adaCreates(Map.of("title", "x"));
        bobs.edit("n1", note -> note.put("title", "B"));
        later();
        adas.edit("n1", note -> note.put("title", "A"));
        meet();
        assertThat(found).singleElement().satisfies(conflict -> {
            assertThat(conflict.isWon()).isTrue();
            assertThat(conflict.loser().value()).isEqualTo(Value.of("B"));
        });
        meet();
        assertThat(found).hasSize(1);
    }

    @Test
    void whatMergesIsNoConflict() {
        adaCreates(Map.of("title", "x", "tags", List.of("old"), "votes", 1, "place", Map.of("town", "Ulm")));
        adas.edit("n1", note -> {
            note.putAll(Map.of("tags", List.of("a"), "votes", 2, "state", "A", "done", true, "draft", "mine"));
            note.put("place", Map.of("town", "Ulm", "street", "Hof"));
        });
        bobs.edit("n1", note -> {
            note.putAll(Map.of("tags", List.of("b"), "votes", 3, "state", "B", "done", true, "title", "B"));
            note.put("place", Map.of("town", "Bern"));
        });
        meet();
        assertThat(found).isEmpty();
        assertThat(adas.get("n1").orElseThrow().fields())
                .containsEntry("votes", Value.of(4))
                .containsEntry("done", Value.of(true))
                .doesNotContainKey("draft");
    }

    @Test
    void underLastWriterWinsADeletionThatKillsAnEditIsAConflict() {
        Documents adasDrafts = ada.collection("drafts");
        adasDrafts.put("d1", Map.of("text", "x"));
        ada.sync();
        bob.sync();
        adasDrafts.edit("d1", draft -> draft.put("text", "A"));
        later();
        bob.collection("drafts").delete("d1");
        meet();
        assertThat(adasDrafts.get("d1")).isEmpty();
        assertThat(found).singleElement().satisfies(conflict -> {
            assertThat(conflict.isDeletion()).isTrue();
            assertThat(conflict.isWon()).isFalse();
            assertThat(conflict.theirs().stamp().replica()).isEqualTo(bob.replica());
        });
    }

    @Test
    void aListenerThatThrowsDoesNotStopTheExchange() {
        ReplicaClient client = server.client()
                .onConflict((document, conflict) -> {
                    throw new IllegalStateException("the application's own error");
                })
                .open();
        adaCreates(Map.of("title", "x"));
        client.sync();
        client.collection("notes").edit("n1", note -> note.put("title", "mine"));
        bobs.edit("n1", note -> note.put("title", "theirs"));
        bob.sync();
        client.sync();
        assertThat(client.pending()).isZero();
        client.close();
    }

    @Test
    void aSchemaDeclaresItsCollections() {
        assertThat(TestServer.NOTES.collection("notes").type("done")).isEqualTo(FieldType.FLAG);
        adas.put("n1", Map.of("draft", "stays here"));
        assertThat(adas.get("n1").orElseThrow().fields())
                .doesNotContainKey("draft")
                .containsKey("done");
    }
}
