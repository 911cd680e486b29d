package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What documents show is what the textbooks' types show, which keep everything for ever. */
class SemanticsTest {
    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
    void underCausalDeliveryEachReplicaShowsWhatTheTextbookShowsAtEachStep(@ForAll("steps") List<Step> steps) {
        History.run(steps, History.Order.CAUSAL, History.SCHEMA, SemanticsTest::assertShowsTextbook);
    }

    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
    void whenEachWritersEditsArriveInOrderAllShowWhatTheTextbookShowsInTheEnd(
            @ForAll("steps") List<Step> steps, @ForAll Random random) {
        History history = History.run(steps, History.Order.PER_WRITER);
        history.deliverAll(random);
        assertShowsTextbook(history);
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void deletionByTheLatestWriterIsDecidedByStamps(@ForAll("steps") List<Step> steps, @ForAll Random random) {
        CollectionSchema schema = History.SCHEMA.with(DeletionPolicy.LAST_WRITER_WINS);
        History history = History.run(steps, History.Order.CAUSAL, schema, SemanticsTest::assertShowsTextbook);
        history.deliverAll(random);
        assertShowsTextbook(history);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void whoPutsWhatStandsWritesNothing(@ForAll("steps") List<Step> steps, @ForAll History.Order order) {
        for (Peer peer : History.run(steps, order).peers) {
            peer.record().ifPresent(record -> assertThat(Records.put(peer.state, peer.schema, peer.tick(), record))
                    .isEqualTo(DocumentState.empty()));
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void whoReadsBackFindsWhatItPut(@ForAll("steps") List<Step> steps, @ForAll("steps") List<Step> others) {
        List<Peer> sources = History.run(others, History.Order.NONE).peers;
        List<Peer> peers = History.run(steps, History.Order.NONE).peers;
        for (int i = 0; i < peers.size(); i++) {
            Peer peer = peers.get(i);
            sources.get(i).record().ifPresent(put -> {
                peer.join(Records.put(peer.state, peer.schema, peer.tick(), put));
                assertSameRecord(peer.record().orElseThrow(), put);
            });
        }
    }

    /** The order of a set's elements, and of a conflict's values, is that of their stamps, not that of the array that was put. */
    private static void assertSameRecord(Value shown, Value put) {
        if (!put.isRecord()) {
            assertThat(shown).isEqualTo(put);
            return;
        }
        assertThat(shown.fields().keySet()).isEqualTo(put.fields().keySet());
        put.fields().forEach((field, value) -> {
            Value found = shown.fields().get(field);
            if (field.equals(History.SET)) {
                assertThat(found.elements()).containsExactlyInAnyOrderElementsOf(value.elements());
            } else if (field.equals(History.MULTI) && value.isRecord()) {
                assertThat(found.fields().get("$conflict").elements())
                        .containsExactlyInAnyOrderElementsOf(
                                value.fields().get("$conflict").elements());
            } else {
                assertThat(found).isEqualTo(value);
            }
        });
    }

    private static void assertShowsTextbook(History history) {
        for (Peer peer : history.peers) {
            assertThat(peer.record()).as("%s shows%s", peer.id, history).isEqualTo(history.expected(peer));
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return History.steps();
    }
}
