package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What an application is told of when edits meet; the cases are in {@code spec/vectors/conflicts.json}. */
class ConflictTest {
    private static final CollectionSchema SCHEMA = CollectionSchema.of(Map.of("place", FieldType.MAP));

    private final Peer ada = new Peer(new ReplicaId(1), SCHEMA, () -> 1000);
    private final Peer bob = new Peer(new ReplicaId(2), SCHEMA, () -> 2000);

    private static DocumentState put(Peer peer, String record) {
        return Records.put(peer.state, peer.schema, peer.tick(), Value.parse(record));
    }

    @Test
    void aConflictSaysWhatWonAndWhatLostByWhomAndWhen() {
        Document document = Document.empty();
        document.edit(put(ada, "{\"title\":\"A\"}"));
        List<Conflict> conflicts = document.receive(put(bob, "{\"title\":\"B\"}"));
        assertThat(conflicts).singleElement().satisfies(conflict -> {
            assertThat(conflict.isWon()).isFalse();
            assertThat(conflict.way()).containsExactly("title");
            assertThat(conflict.loser().value()).isEqualTo(Value.of("A"));
            assertThat(conflict.winner().value()).isEqualTo(Value.of("B"));
            assertThat(conflict.winner().stamp().replica()).isEqualTo(bob.id);
            assertThat(conflict.winner().stamp().millis()).isEqualTo(2000);
            assertThat(conflict)
                    .hasToString("title: \"A\", own, at 1970-01-01T00:00:01Z is lost to \"B\", by 0000000000002"
                            + " at 1970-01-01T00:00:02Z");
        });
        assertThat(document.receive(document.joined())).isEmpty();
    }

    @Test
    void aLeafIsNamedByItsWay() {
        Document document = Document.empty();
        document.edit(put(ada, "{\"place\":{\"a\":{\"b\":1}}}"));
        assertThat(document.receive(put(bob, "{\"place\":{\"a\":{\"b\":2}}}")))
                .extracting(Conflict::way)
                .containsExactly(List.of("place", "a", "b"));
    }

    @Test
    void aSnapshotBringsConflictsAsPagesDo() {
        Document document = Document.empty();
        document.edit(put(ada, "{\"title\":\"A\"}"));
        DocumentState theirs = put(bob, "{\"title\":\"B\"}");
        assertThat(document.replaceDelivered(theirs)).hasSize(1);
        assertThat(document.replaceDelivered(theirs)).isEmpty();
    }

    @Test
    void aDeletionThatKillsAnEditIsAConflictOfTheDocument() {
        CollectionSchema schema = SCHEMA.with(DeletionPolicy.LAST_WRITER_WINS);
        DocumentState created = put(bob, "{\"title\":\"x\"}");
        bob.join(created);
        Document document = Document.empty();
        document.receive(created);
        ada.join(created);
        document.edit(Records.put(document.joined(), schema, ada.tick(), Value.parse("{\"title\":\"A\"}")));
        DocumentState deletion = Records.delete(bob.state, schema, bob.tick());
        while (!deletion.get(Path.DELETION_BY_ANY)
                .stamp()
                .isAfter(document.joined().get(Path.existence(ada.id)).stamp())) {
            deletion = Records.delete(bob.state, schema, bob.tick());
        }
        assertThat(document.receive(deletion)).singleElement().satisfies(conflict -> {
            assertThat(conflict.isDeletion()).isTrue();
            assertThat(conflict.way()).isEmpty();
            assertThat(conflict.isWon()).isFalse();
            assertThat(conflict.toString())
                    .startsWith("the document: an edit, own,")
                    .contains("lost to a deletion");
        });
        assertThat(document.record(schema)).isEmpty();
    }

    /** What is reported as lost is not shown, and what has won is, as long as nothing else arrives. */
    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void theWinnerOfAConflictIsWhatStands(@ForAll("steps") List<Step> steps, @ForAll Random random) {
        List<Event> events = History.run(steps, History.Order.CAUSAL).events;
        ReplicaId own = new ReplicaId(1);
        Document document = Document.empty();
        for (Event event : events) {
            if (event.writer().equals(own)) {
                event.delta().forEach((path, cell) -> {
                    if (path.kind() != Kind.COUNTER) {
                        document.edit(DocumentState.of(Map.of(path, cell)));
                    }
                });
            } else if (random.nextBoolean()) {
                for (Conflict conflict : document.receive(event.delta())) {
                    assertThat(conflict.winner().compareTo(conflict.loser())).isPositive();
                    assertThat(conflict.theirs().stamp().replica()).isNotEqualTo(own);
                    if (!conflict.isDeletion()) {
                        assertThat(document.joined().get(conflict.path())).isEqualTo(conflict.winner());
                    }
                }
                assertThat(document.receive(event.delta())).isEmpty();
            }
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return History.steps();
    }
}
