package dev.watersmeet.format.vectors;

import static dev.watersmeet.format.MessageForm.BATCH;
import static dev.watersmeet.format.MessageForm.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.SyncRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The vectors of batches and of messages in binary form. Batches are read and written in messages of the shortest kind. */
class BatchVectorsTest {
    private static final Set<ProblemCode> REFUSALS = Set.of(ProblemCode.MALFORMED, ProblemCode.PROTOCOL_UNSUPPORTED);
    private static final String PAGE = "{\"cursor\":\"\",\"more\":false}";
    private static final String NONCE = "00000000000000000000000000";
    private static final String END_OF_ENVELOPE = HexFormat.of().toHexDigits((byte) '}');

    @TestFactory
    Stream<DynamicTest> batches() {
        return Vectors.cases("batches.json", vector -> {
            if (vector.has("refused")) {
                byte[] message = vector.has("message")
                        ? bytes(vector.get("message"))
                        : message(PAGE, bytes(vector.get("batch")));
                assertRefused(message);
            } else if (vector.has("message")) {
                Page page = MergeFormat.readPage(bytes(vector.get("message")), BATCH);
                assertThat(page).isEqualTo(MergeFormat.readPage(json(vector.get("expected")), JSON));
                assertThat(MergeFormat.readPage(MergeFormat.writePage(page, BATCH), BATCH))
                        .isEqualTo(page);
            } else {
                batch(vector.get("documents"), bytes(vector.get("expected")));
            }
        });
    }

    private static void assertRefused(byte[] message) {
        assertThatThrownBy(() -> MergeFormat.readPage(message, BATCH))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem().code()).isIn(REFUSALS));
    }

    /** In a push, which says which documents are whole. */
    private static void batch(JsonNode documents, byte[] batch) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("protocol", 1).put("replica", new ReplicaId(0).toString()).put("pull", true);
        json.putObject("push").put("number", 1).put("nonce", NONCE).set("documents", documents);
        SyncRequest expected = MergeFormat.readSyncRequest(json(json), JSON);
        byte[] message = MergeFormat.writeSyncRequest(expected, BATCH);
        assertThat(HexFormat.of().formatHex(message))
                .endsWith(END_OF_ENVELOPE + HexFormat.of().formatHex(batch));
        assertThat(MergeFormat.readSyncRequest(message, BATCH)).isEqualTo(expected);
    }

    private static byte[] json(JsonNode node) {
        return Vectors.utf8(node.toString());
    }

    private static byte[] message(String envelope, byte[] batch) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(1);
        message.write(envelope.length());
        message.writeBytes(envelope.getBytes(StandardCharsets.UTF_8));
        message.writeBytes(batch);
        return message.toByteArray();
    }

    private static byte[] bytes(JsonNode hexadecimal) {
        return HexFormat.of().parseHex(hexadecimal.textValue().replace(" ", ""));
    }
}
