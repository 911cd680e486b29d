package dev.watersmeet.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reader takes, and what it refuses and how. Single quotes stand for double ones. */
class ReadingTest {
    private static final String REPLICA = "0000000000001";
    private static final String STAMP = "00000000010000000000000001";
    private static final String NONCE = "0024H36H2NCSVRH6DAQF6DVVQZ";
    private static final String EXISTENCE = "[['e','" + REPLICA + "'],'" + STAMP + "',0]";

    private static SyncRequest read(String json) {
        return MergeFormat.readSyncRequest(bytes(json));
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static String request(String members) {
        return "{'protocol':1,'replica':'" + REPLICA + "','cursor':null,'pull':true" + members + "}";
    }

    private static String push(String... documents) {
        return request(",'push':{'number':1,'nonce':'" + NONCE + "','after':null,'documents':["
                + String.join(",", documents) + "]}");
    }

    private static String document(String id, String cells) {
        return "{'collection':'todos','id':" + id + ",'cells':" + cells + "}";
    }

    private static List<PushedDocument> documents(String json) {
        Push push = read(json).push();
        assertThat(push).isNotNull();
        return push.documents();
    }

    private static Problem refusal(String json) {
        return catchThrowableOfType(ProblemException.class, () -> read(json)).problem();
    }

    private static PushedDocument.Unreadable unreadable(PushedDocument document) {
        assertThat(document).isInstanceOf(PushedDocument.Unreadable.class);
        return (PushedDocument.Unreadable) document;
    }

    private static String cells(int count, int from) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> "[['r','f" + i + "'],'" + STAMP + "',0,1]")
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Nested
    class ARequest {
        @Test
        void mayHaveItsMembersInAnyOrderAndOthersThatNobodyKnows() {
            SyncRequest request = read("{'later':{'a':[1,{'b':2}]},'pull':false,'cursor':'c','replica':'" + REPLICA
                    + "','x':null,'protocol':1}");
            assertThat(request.cursor()).isEqualTo("c");
            assertThat(request.pull()).isFalse();
            assertThat(request.push()).isNull();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "{",
                    "[]",
                    "null",
                    "1",
                    "{'protocol':1}",
                    "{'protocol':1,'replica':'0000000000001','pull':true",
                    "{'protocol':1,'replica':'0000000000001','pull':true} {}",
                    "{'protocol':1,'replica':'0000000000001','pull':true}x",
                    "{'protocol':1,'replica':'0000000000001','pull':true,}",
                    "{'protocol':1,'replica':'0000000000001','pull':true,'pull':true}",
                    "{'protocol':1,'protocol':1,'replica':'0000000000001','pull':true}",
                    "{'protocol':1,'replica':'0000000000001','pull':1}",
                    "{'protocol':1,'replica':'0000000000001','pull':true,'cursor':5}",
                    "{'protocol':1,'replica':'000000000000I','pull':true}",
                    "{'protocol':1,'replica':'0000000000001','pull':true,'push':[]}",
                    "{'protocol':1,'replica':'0000000000001','pull':true,'push':{}}",
                    "{'protocol':1,'replica':'0000000000001','pull':true,'x':NaN}",
                    "{'protocol':1,'replica':'0000000000001','pull':true,'x':01}",
                    "{'protocol':1,'replica':'0000000000001','pull':true,/**/'x':1}",
                    "{'protocol':1.5,'replica':'0000000000001','pull':true}",
                    "{'protocol':'1','replica':'0000000000001','pull':true}",
                    "{'replica':'0000000000001','pull':true}",
                })
        void isRefusedAsMalformed(String json) {
            assertThat(refusal(json).code()).isEqualTo(ProblemCode.MALFORMED);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 4, 5, 30})
        void hasEachOfItsMembersOnceHoweverManyTheyAre(int others) {
            String members =
                    IntStream.range(0, others).mapToObj(i -> ",'x" + i + "':0").collect(Collectors.joining());
            assertThat(read(request(members)).pull()).isTrue();
            for (int i : new int[] {0, others - 1}) {
                Problem problem = refusal(request(members + ",'x" + i + "':0"));
                assertThat(problem.code()).isEqualTo(ProblemCode.MALFORMED);
                assertThat(problem.detail()).contains("each key once", "x" + i);
            }
        }

        @Test
        void isRefusedIfItsBytesAreNotUtf8() {
            byte[] overlong = bytes("{'protocol':1,'a':'??'}");
            overlong[overlong.length - 4] = (byte) 0xc0;
            overlong[overlong.length - 3] = (byte) 0x80;
            assertThatThrownBy(() -> MergeFormat.readSyncRequest(overlong)).hasMessageContaining("UTF-8");
        }

        @Test
        void isRefusedWhereItNestsWithoutEnd() {
            Problem problem = refusal("{'protocol':1,'x':" + "[".repeat(1_000_000));
            assertThat(problem.code()).isEqualTo(ProblemCode.MALFORMED);
        }

        @Test
        void namesThePlaceOfWhatIsWrong() {
            assertThat(refusal(push(document("'a'", "[]"), document("true", "[]")))
                            .detail())
                    .startsWith("at /push/documents/1");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                value = {"{'protocol':2}", "{'push':5,'protocol':0}"})
        @Tag("P-1")
        void ofAnotherVersionIsRefusedWhateverElseItHolds(String json) {
            assertThat(refusal(json).code()).isEqualTo(ProblemCode.PROTOCOL_UNSUPPORTED);
            String problem = new String(MergeFormat.writeProblem(refusal(json)), StandardCharsets.UTF_8);
            assertThat(problem).contains("\"supported\":[1]").contains("\"status\":400");
        }
    }

    @Nested
    class APush {
        @Test
        void mayNameADocumentAfterItsCells() {
            List<PushedDocument> documents =
                    documents(push("{'cells':[" + EXISTENCE + "],'whole':true,'id':1,'collection':'todos'}"));
            PushedDocument.Readable readable = (PushedDocument.Readable) documents.get(0);
            assertThat(readable.whole()).isTrue();
            assertThat(readable.id().id()).isEqualTo(Value.of(1));
            assertThat(readable.document().cells().size()).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "5",
                    "{'a':[1]}",
                    "[5]",
                    "[[]]",
                    "[[['e','0000000000001']]]",
                    "[[['e','0000000000001'],'00000000010000000000000001']]",
                    "[[['e','0000000000001'],'00000000010000000000000001',0,1]]",
                    "[[['e','0000000000001'],'00000000010000000000000001',2]]",
                    "[[['e','0000000000001'],'00000000010000000000000001',false]]",
                    "[[['e','0000000000001'],'x',0]]",
                    "[[['e','x'],'00000000010000000000000001',0]]",
                    "[[['r','a'],'00000000010000000000000001',0,1,{'b':[]}]]",
                    "[[['r','a'],'00000000010000000000000001',0,1e400]]",
                    "[[['r','a'],'00000000010000000000000001',0,{'a':1,'b':[{'c':1,'c':{}},2]}]]",
                    "[[['q',{'a':[1]}],'00000000010000000000000001',0,1]]",
                })
        void goesOnAfterADocumentWhoseCellsAreMalformed(String cells) {
            List<PushedDocument> documents = documents(
                    push(document("'a'", "[" + EXISTENCE + "]"), document("'b'", cells), document("'c'", "[]")));
            assertThat(documents).hasSize(3);
            assertThat(documents.get(0)).isInstanceOf(PushedDocument.Readable.class);
            assertThat(unreadable(documents.get(1)).code()).isEqualTo(RejectionCode.MALFORMED);
            assertThat(unreadable(documents.get(1)).detail()).startsWith("at /push/documents/1/cells");
            assertThat(documents.get(2)).isInstanceOf(PushedDocument.Readable.class);
        }

        @Test
        void goesOnAfterAValueThatNestsTooDeep() {
            String deep = "[[['r','a'],'" + STAMP + "',0," + "[".repeat(65) + "]".repeat(65) + "]]";
            List<PushedDocument> documents = documents(push(document("'a'", deep), document("'b'", "[]")));
            assertThat(unreadable(documents.get(0)).detail()).contains("64 levels");
            assertThat(documents.get(1)).isInstanceOf(PushedDocument.Readable.class);
        }

        @Test
        void goesOnAfterADocumentWithoutCells() {
            List<PushedDocument> documents =
                    documents(push("{'collection':'todos','id':1}", "{'collection':'t','id':1,'cells':[],'whole':0}"));
            assertThat(unreadable(documents.get(0)).detail()).contains("/push/documents/0", "has cells");
            assertThat(unreadable(documents.get(1)).detail()).contains("/push/documents/1/whole");
        }

        @Test
        @Tag("P-7")
        @Tag("P-15")
        @Tag("P-7")
        void refusesADocumentAboveItsCellsByItself() {
            List<PushedDocument> documents = documents(push(
                    document("'a'", cells(FormatLimits.MAX_DOCUMENT_CELLS + 1, 0)),
                    document("'b'", cells(FormatLimits.MAX_DOCUMENT_CELLS, 0))));
            assertThat(unreadable(documents.get(0)).code()).isEqualTo(RejectionCode.TOO_LARGE);
            assertThat(unreadable(documents.get(0)).detail()).contains("10000 cells");
            assertThat(documents.get(1)).isInstanceOf(PushedDocument.Readable.class);
        }

        @Test
        @Tag("P-15")
        void isRefusedAboveItsCells() {
            String json = push(
                    document("'a'", cells(FormatLimits.MAX_DOCUMENT_CELLS, 0)),
                    document("'b'", cells(FormatLimits.MAX_DOCUMENT_CELLS, 0)),
                    document("'c'", cells(1, 0)));
            assertThat(refusal(json)).isEqualTo(Problem.of(ProblemCode.TOO_LARGE, "a push has at most 20000 cells"));
        }

        @Test
        @Tag("P-15")
        void isRefusedAboveItsDocuments() {
            String[] documents = IntStream.rangeClosed(0, FormatLimits.MAX_PUSH_DOCUMENTS)
                    .mapToObj(i -> document(Integer.toString(i), "[]"))
                    .toArray(String[]::new);
            assertThat(refusal(push(documents)))
                    .isEqualTo(Problem.of(ProblemCode.TOO_LARGE, "a push has at most 1000 documents"));
        }

        @Test
        void isRefusedIfItHasADocumentTwice() {
            assertThat(refusal(push(document("1", "[]"), document("1.0", "[]"))).detail())
                    .contains("each document once", "todos/1");
            assertThat(documents(push(document("1", "[]"), document("'1'", "[]"))))
                    .hasSize(2);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "5",
                    "{'id':1,'cells':[]}",
                    "{'collection':'todos','cells':[]}",
                    "{'collection':'','id':1,'cells':[]}",
                    "{'collection':'todos','id':null,'cells':[]}",
                    "{'collection':'todos','id':{'a':1},'cells':[]}",
                    "{'collection':'todos','id':1,'cells':[],'cells':[]}",
                })
        void isRefusedIfADocumentHasNoGoodName(String document) {
            assertThat(refusal(push(document)).code()).isEqualTo(ProblemCode.MALFORMED);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "'number':0,'nonce':'0024H36H2NCSVRH6DAQF6DVVQZ','documents':[]",
                    "'number':1.5,'nonce':'0024H36H2NCSVRH6DAQF6DVVQZ','documents':[]",
                    "'number':1e300,'nonce':'0024H36H2NCSVRH6DAQF6DVVQZ','documents':[]",
                    "'number':1,'nonce':'8024H36H2NCSVRH6DAQF6DVVQZ','documents':[]",
                    "'number':1,'nonce':'short','documents':[]",
                    "'number':1,'nonce':null,'documents':[]",
                    "'number':1,'nonce':'0024H36H2NCSVRH6DAQF6DVVQZ','after':'x','documents':[]",
                    "'number':1,'nonce':'0024H36H2NCSVRH6DAQF6DVVQZ'",
                })
        void isRefusedWithoutAGoodNumberAndNonce(String members) {
            assertThat(refusal(request(",'push':{" + members + "}")).code()).isEqualTo(ProblemCode.MALFORMED);
        }
    }

    @Nested
    class AValue {
        private Value valueOf(String json) {
            List<PushedDocument> documents =
                    documents(push(document("'a'", "[[['r','a'],'" + STAMP + "',0," + json + "]]")));
            PushedDocument.Readable readable = (PushedDocument.Readable) documents.get(0);
            return readable.document().cells().cells().get(Path.register("a")).value();
        }

        @ParameterizedTest
        @CsvSource(
                quoteCharacter = '`',
                delimiter = ';',
                value = {
                    "-0.0; 0",
                    "1E2; 100",
                    "{'b':1, 'a':[ 2 ]}; {\"a\":[2],\"b\":1}",
                    "{'__proto__':{'x':1}}; {\"__proto__\":{\"x\":1}}",
                    "'\\ud83d'; \"\\ud83d\"",
                    "'\\uD83D\\uDE00'; \"😀\"",
                    "'\\u2028'; \"\u2028\"",
                    "null; null",
                })
        void isReadInItsCanonicalForm(String json, String expected) {
            assertThat(valueOf(json)).hasToString(expected);
        }

        @Test
        void mayHaveAsManyDigitsAndAsLongKeysAsFit() {
            assertThat(valueOf("1" + "0".repeat(300) + "." + "0".repeat(5_000)).number())
                    .isEqualTo(1e300);
            assertThat(valueOf("{'" + "k".repeat(100_000) + "':1}").bytes()).isEqualTo(100_006);
        }
    }

    @Test
    void pagesAreRefusedAsAWholeAndNameThePlace() {
        byte[] page = bytes("{'documents':[" + document("1", "[[5]]") + "],'cursor':'c','more':false}");
        assertThatThrownBy(() -> MergeFormat.readPage(page)).hasMessageContaining("at /documents/0/cells/0/0");
    }

    @Test
    void outcomesThatCannotBeReadAreNotTheRequestersFault() {
        assertThatThrownBy(() -> MergeFormat.readOutcome("{}")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anUnreadableDocumentCannotBeWritten() {
        SyncRequest request = read(push(document("1", "[5]")));
        assertThatThrownBy(() -> MergeFormat.writeSyncRequest(request)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aProblemTellsTheLastPushOnlyWhereItIsKnown() {
        Problem unknown = Problem.of(ProblemCode.RESYNC, "old");
        Problem none = new Problem(ProblemCode.RESYNC, "old", null);
        assertThat(new String(MergeFormat.writeProblem(unknown), StandardCharsets.UTF_8))
                .isEqualTo("{\"type\":\"urn:watersmeet:problem:resync\",\"title\":\"The cursor is unknown or too old\","
                        + "\"status\":409,\"detail\":\"old\",\"code\":\"resync\",\"retry\":\"resync\"}");
        assertThat(new String(MergeFormat.writeProblem(none), StandardCharsets.UTF_8))
                .contains("\"last\":null");
    }
}
