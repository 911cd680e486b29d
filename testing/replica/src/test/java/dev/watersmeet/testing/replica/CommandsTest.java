package dev.watersmeet.testing.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.client.ReplicaClient;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private static final URI NOBODY = URI.create("http://127.0.0.1:1/v1");

    private final ReplicaClient client = ReplicaClient.of(NOBODY, "shop-7", () -> "token")
            .collection("items", CollectionSchema.of(Map.of("tags", FieldType.SET, "quantity", FieldType.COUNTER)))
            .open();
    private final Commands commands = new Commands(client);

    @AfterEach
    void close() {
        client.close();
    }

    private String answer(String line) {
        return commands.answer(line.replace('\'', '"'));
    }

    @Test
    void recordsArePutEditedReadAndDeleted() {
        assertThat(answer("{'op':'put','collection':'items','id':'a','record':{'name':'Box','old':1}}"))
                .isEqualTo("{\"ok\":true}");
        assertThat(answer("{'op':'edit','collection':'items','id':'a','fields':{'old':null,'quantity':2}}"))
                .isEqualTo("{\"ok\":true}");
        assertThat(answer("{'op':'get','collection':'items','id':'a'}"))
                .isEqualTo("{\"record\":{\"name\":\"Box\",\"quantity\":2,\"tags\":[]}}");
        assertThat(answer("{'op':'pending'}")).isEqualTo("{\"pending\":1}");
        assertThat(answer("{'op':'delete','collection':'items','id':'a'}")).isEqualTo("{\"ok\":true}");
        assertThat(answer("{'op':'get','collection':'items','id':'a'}")).isEqualTo("{\"record\":null}");
    }

    @Test
    void allRecordsAreListedByIdAndOtherIdsByTheirText() {
        answer("{'op':'put','collection':'plain','id':'a','record':{'n':1}}");
        answer("{'op':'put','collection':'plain','id':2,'record':{}}");
        assertThat(answer("{'op':'all','collection':'plain'}")).isEqualTo("{\"records\":{\"a\":{\"n\":1},\"2\":{}}}");
    }

    @Test
    void serverThatIsNotThereIsAProblem() {
        assertThat(answer("{'op':'sync'}")).startsWith("{\"problem\":{\"code\":\"unreachable\",\"detail\":\"");
    }

    @Test
    void commandThatFailsSaysWhy() {
        assertThat(answer("{'op':'fly'}")).isEqualTo("{\"error\":\"there is no command fly\"}");
        assertThat(answer("{'op':'get','collection':'items'}")).contains("has no member id");
        assertThat(answer("{'op':'put','collection':'items','id':'a','record':7}"))
                .contains("record is an object");
        assertThat(answer("nonsense")).startsWith("{\"error\":");
        assertThat(answer("[]")).startsWith("{\"error\":");
    }

    @Test
    void quitEndsTheProgram() {
        assertThat(commands.ended()).isFalse();
        assertThat(answer("{'op':'quit'}")).isEqualTo("{\"ok\":true}");
        assertThat(commands.ended()).isTrue();
    }
}
