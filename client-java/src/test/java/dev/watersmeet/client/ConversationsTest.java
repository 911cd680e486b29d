package dev.watersmeet.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The conversations of {@code spec/vectors}, which the client in TypeScript has, too. */
class ConversationsTest {
    @TestFactory
    Stream<DynamicTest> conversations() {
        return Conversation.all()
                .map(given -> DynamicTest.dynamicTest(given.get("name").textValue(), () -> hold(given)));
    }

    private static void hold(JsonNode given) throws IOException {
        AtomicLong clock = new AtomicLong(Conversation.EPOCH);
        Conversation conversation = new Conversation();
        try (ScriptedServer server = new ScriptedServer(conversation, clock::get);
                ReplicaClient client = ReplicaClient.of(server.url(), "shop-7", () -> "token")
                        .schema(Schema.parse("{\"collections\":" + given.get("collections") + "}"))
                        .time(clock::get)
                        .open()) {
            for (JsonNode step : given.get("steps")) {
                if (step.has("at")) {
                    clock.set(Conversation.EPOCH + step.get("at").longValue());
                }
                take(step, client, server);
            }
        }
    }

    private static void take(JsonNode step, ReplicaClient client, ScriptedServer server) {
        if (step.has("put")) {
            JsonNode put = step.get("put");
            Map<String, ?> record = Value.parse(put.get("record").toString()).fields();
            client.collection(put.get("collection").textValue())
                    .put(put.get("id").textValue(), record);
        }
        if (step.has("delete")) {
            JsonNode place = step.get("delete");
            client.collection(place.get("collection").textValue())
                    .delete(place.get("id").textValue());
        }
        if (step.has("exchange")) {
            exchange(Conversation.elements(step.get("exchange")).toList(), client, server);
        }
        if (step.has("expect")) {
            expect(step.get("expect"), client);
        }
    }

    private static void exchange(List<JsonNode> turns, ReplicaClient client, ScriptedServer server) {
        server.expect(turns);
        boolean breaks = turns.get(turns.size() - 1).has("lost");
        if (breaks) {
            assertThatThrownBy(client::sync).isInstanceOf(UncheckedIOException.class);
            assertThat(server.isCut()).isTrue();
        } else {
            syncInTheEnd(client);
        }
        if (server.hasTurns()) {
            client.sync(); // what the conversation says after the last push is read by the next call
        }
        assertThat(server.left()).isEmpty();
    }

    /** An application that calls again where that can help. */
    private static void syncInTheEnd(ReplicaClient client) {
        for (int refusals = 0; refusals < 5; refusals++) {
            try {
                client.sync();
                return;
            } catch (ProblemException e) {
                assertThat(e.problem().code().retry()).isIn(ProblemCode.Retry.LATER, ProblemCode.Retry.TOKEN);
            }
        }
    }

    private static void expect(JsonNode expected, ReplicaClient client) {
        expected.get("records").properties().forEach(collection -> {
            Map<Value, Value> records = new HashMap<>();
            collection
                    .getValue()
                    .properties()
                    .forEach(record -> records.put(
                            Value.of(record.getKey()),
                            Value.parse(record.getValue().toString())));
            assertThat(client.collection(collection.getKey()).records()).isEqualTo(records);
        });
        assertThat(client.pending()).isEqualTo(expected.get("pending").intValue());
        assertThat(client.rejected())
                .extracting(edit -> edit.document().id())
                .containsExactlyElementsOf(Conversation.elements(expected.get("rejected"))
                        .map(id -> Value.of(id.textValue()))
                        .toList());
    }
}
