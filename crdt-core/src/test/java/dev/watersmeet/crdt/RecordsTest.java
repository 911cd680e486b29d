package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Cases of reading and writing; the laws are in {@link SemanticsTest}. */
class RecordsTest {
    private static final CollectionSchema SCHEMA =
            CollectionSchema.of(Map.of(History.SET, FieldType.SET, History.COUNTER, FieldType.COUNTER));

    private final Writing ada = new Writing(1);
    private final Writing bob = new Writing(2);

    /** A replica that writes JSON. */
    private static final class Writing {
        final Peer peer;

        Writing(long id) {
            peer = new Peer(new ReplicaId(id), SCHEMA, () -> 1000);
        }

        DocumentState put(String record) {
            return put(record, null);
        }

        DocumentState put(String record, @Nullable String read) {
            return joined(Records.put(
                    peer.state,
                    peer.schema,
                    peer.tick(),
                    Value.parse(record),
                    read == null ? null : Value.parse(read)));
        }

        DocumentState delete() {
            return joined(Records.delete(peer.state, peer.schema, peer.tick()));
        }

        private DocumentState joined(DocumentState edit) {
            peer.join(edit);
            return edit;
        }

        void hear(Writing other) {
            peer.receiveAll(other.peer);
        }

        Optional<Value> record() {
            return peer.record();
        }
    }

    @Test
    void whatManyCountStaysANumberThatCanBePutAgain() {
        ada.put("{\"votes\":1.7e308}");
        bob.put("{\"votes\":1.7e308}");
        exchange(ada, bob);
        assertThat(ada.record()).isEqualTo(bob.record());
        assertThat(ada.record().orElseThrow().fields()).containsEntry("votes", Value.of(Double.MAX_VALUE));
        assertThat(ada.put(ada.record().orElseThrow().text()).isEmpty()).isTrue();
    }

    private static void exchange(Writing one, Writing other) {
        one.hear(other);
        other.hear(one);
        assertThat(one.record()).isEqualTo(other.record());
    }

    private static void assertShows(Writing writing, String record) {
        assertThat(writing.record()).contains(Value.parse(record));
    }

    @Nested
    class ThreeWay {
        @Test
        void aCounterThatWasReadAsFiveAndPutAsSixIsSevenIfSomebodyAddedOne() {
            ada.put("{\"votes\":5}");
            exchange(ada, bob);
            bob.put("{\"votes\":6}");
            exchange(ada, bob);
            ada.put("{\"votes\":6}", "{\"votes\":5}");
            assertShows(ada, "{\"tags\":[],\"votes\":7}");
        }

        @Test
        void fieldsThatTheWriterDidNotChangeKeepWhatOthersWrote() {
            ada.put("{\"p\":1,\"q\":1,\"tags\":[\"a\",\"b\"]}");
            exchange(ada, bob);
            bob.put("{\"p\":2,\"tags\":[\"b\",\"c\"],\"new\":true}");
            exchange(ada, bob);
            ada.put("{\"p\":1,\"q\":2,\"tags\":[\"a\",\"b\",\"d\"]}", "{\"p\":1,\"q\":1,\"tags\":[\"a\",\"b\"]}");
            assertShows(ada, "{\"new\":true,\"p\":2,\"q\":2,\"tags\":[\"b\",\"c\",\"d\"],\"votes\":0}");
        }

        @Test
        void aFieldThatBothChangedIsTheLaterWriters() {
            ada.put("{\"p\":1}");
            exchange(ada, bob);
            bob.put("{\"p\":2}");
            exchange(ada, bob);
            ada.put("{\"p\":3}", "{\"p\":1}");
            assertShows(ada, "{\"p\":3,\"tags\":[],\"votes\":0}");
        }

        @Test
        void onADeadDocumentTheHiddenRecordCountsAndNotWhatWasRead() {
            ada.put("{\"p\":1,\"q\":1,\"votes\":5}");
            ada.delete();
            ada.put("{\"p\":1,\"votes\":1}", "{\"p\":1,\"q\":1,\"votes\":5}");
            assertShows(ada, "{\"p\":1,\"tags\":[],\"votes\":1}");
        }

        @Test
        void whatWasReadBeforeAFieldWasDeclaredIsNoElementAndNoNumber() {
            ada.put("{\"p\":1}");
            ada.put("{\"p\":1,\"tags\":[\"a\"],\"votes\":2}", "{\"p\":1,\"tags\":\"a, b\",\"votes\":\"five\"}");
            assertShows(ada, "{\"p\":1,\"tags\":[\"a\"],\"votes\":2}");
        }
    }

    @Nested
    class Deletion {
        @Test
        void anEditThatTheDeleterHadNotSeenBringsTheDocumentBackWhole() {
            ada.put("{\"p\":1,\"q\":1,\"tags\":[\"a\"]}");
            exchange(ada, bob);
            ada.delete();
            bob.put("{\"p\":2,\"q\":1,\"tags\":[\"a\"]}");
            exchange(ada, bob);
            assertShows(ada, "{\"p\":2,\"q\":1,\"tags\":[\"a\"],\"votes\":0}");
        }

        @Test
        void anEditThatOnlyRemovesBringsTheDocumentBackToo() {
            ada.put("{\"p\":1,\"tags\":[\"a\"]}");
            exchange(ada, bob);
            ada.delete();
            bob.put("{\"p\":1}");
            exchange(ada, bob);
            assertShows(ada, "{\"p\":1,\"tags\":[],\"votes\":0}");
        }

        @Test
        void underLastWriterWinsALaterDeletionCoversAnEditThatTheDeleterHadNotSeen() {
            CollectionSchema schema = History.SCHEMA.with(DeletionPolicy.LAST_WRITER_WINS);
            ada.put("{\"p\":1}");
            exchange(ada, bob);
            bob.put("{\"p\":2}");
            Stamp later = Stamp.of(2000, 0, ada.peer.id);
            ada.joined(Records.delete(ada.peer.state, schema, later));
            exchange(ada, bob);
            assertThat(ada.record()).isEmpty();
        }

        @Test
        void aRecreatedDocumentShowsNothingOfItsFormerLife() {
            ada.put("{\"p\":1,\"q\":2,\"tags\":[\"a\"],\"votes\":9}");
            ada.delete();
            ada.put("{\"q\":2}");
            assertShows(ada, "{\"q\":2,\"tags\":[],\"votes\":0}");
        }

        @Test
        void twoWhoRecreateACounterResetItOnce() {
            ada.put("{\"votes\":9}");
            ada.delete();
            exchange(ada, bob);
            ada.put("{\"votes\":1}");
            bob.put("{\"votes\":2}");
            exchange(ada, bob);
            assertShows(ada, "{\"tags\":[],\"votes\":3}");
        }

        @Test
        void aCountThatTheRecreatorHadNotSeenStillCounts() {
            ada.put("{\"votes\":9}");
            exchange(ada, bob);
            bob.put("{\"votes\":10}");
            ada.delete();
            ada.put("{\"votes\":0}");
            exchange(ada, bob);
            assertShows(ada, "{\"tags\":[],\"votes\":1}");
        }

        @Test
        void deletingTwiceWritesNothing() {
            ada.put("{}");
            ada.delete();
            assertThat(ada.delete()).isEqualTo(DocumentState.empty());
        }

        @Test
        void aPutOnADeadDocumentIsAnEditThoughNothingDiffers() {
            ada.put("{\"p\":1}");
            ada.delete();
            assertThat(ada.put("{\"p\":1}").cells()).containsOnlyKeys(Path.existence(ada.peer.id));
            assertShows(ada, "{\"p\":1,\"tags\":[],\"votes\":0}");
        }
    }

    @Nested
    class Types {
        @Test
        void ofAnAdditionAndAConcurrentRemovalTheAdditionWins() {
            ada.put("{\"tags\":[\"a\"]}");
            exchange(ada, bob);
            ada.put("{\"tags\":[]}");
            bob.put("{\"tags\":[]}");
            bob.put("{\"tags\":[\"a\"]}");
            exchange(ada, bob);
            assertShows(ada, "{\"tags\":[\"a\"],\"votes\":0}");
        }

        @Test
        void concurrentCountsAllCount() {
            ada.put("{\"votes\":5}");
            exchange(ada, bob);
            ada.put("{\"votes\":7}");
            bob.put("{\"votes\":2}");
            exchange(ada, bob);
            assertShows(ada, "{\"tags\":[],\"votes\":4}");
        }

        @Test
        void undefinedIsAnEmptySetAndACounterOfZero() {
            ada.put("{\"p\":1,\"tags\":[\"a\"],\"votes\":3}");
            ada.put("{\"p\":1,\"tags\":{\"$undefined\":true},\"votes\":{\"$undefined\":true}}");
            assertShows(ada, "{\"p\":1,\"tags\":[],\"votes\":0}");
        }

        @Test
        void aValueThatDoesNotFitItsFieldIsRefused() {
            for (String record : new String[] {
                "{\"tags\":\"a\"}",
                "{\"tags\":null}",
                "{\"tags\":{}}",
                "{\"votes\":\"1\"}",
                "{\"votes\":null}",
                "{\"votes\":[]}"
            }) {
                assertThatThrownBy(() -> ada.put(record)).isInstanceOf(MalformedException.class);
            }
            assertThat(ada.peer.state).isEqualTo(DocumentState.empty());
        }

        @Test
        void aRecordThatLooksLikeATaggedValueIsReadEscaped() {
            ada.put("{\"$date\":1,\"p\":1}");
            CollectionSchema registers = CollectionSchema.REGISTERS;
            Value put = Value.parse("{\"$object\":{\"$date\":1}}");
            ada.joined(Records.put(ada.peer.state, registers, ada.peer.tick(), put));
            assertThat(Records.read(ada.peer.state, registers)).contains(put);
        }
    }
}
