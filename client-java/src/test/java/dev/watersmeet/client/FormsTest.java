package dev.watersmeet.client;

import static dev.watersmeet.client.FaultyRelay.NONE;
import static dev.watersmeet.client.FaultyRelay.OLDER_SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MessageForm;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In which form the client speaks to a server that may be older than itself (P-16). */
class FormsTest {
    private static final String JSON = MessageForm.JSON.mediaType();
    private static final String BATCH = MessageForm.BATCH.mediaType();

    private final TestServer server = TestServer.start();
    private final ReplicaClient client = server.client().open();
    private final Documents items = client.collection("items");

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    @Tag("P-16")
    void pushesTravelInTheBinaryFormOnceTheServerHasAnsweredInIt() {
        items.put("a", Map.of("name", "Box", "quantity", 2));
        client.sync(); // the snapshot comes first
        assertThat(server.types()).isNotEmpty().containsOnly(BATCH);
        assertThat(server.items().get("a")).isEqualTo(items.get("a")).isPresent();
    }

    @Test
    void anOlderServerIsSpokenToInJson() {
        items.put("a", Map.of("name", "Box"));
        server.next(OLDER_SERVER, OLDER_SERVER, OLDER_SERVER);
        client.sync();
        assertThat(server.types()).isNotEmpty().containsOnly(JSON);
        assertThat(server.items().get("a")).isEqualTo(items.get("a")).isPresent();
    }

    @Test
    @Tag("P-16")
    void aServerThatIsPutBackToAnOlderVersionIsSpokenToInJsonAgain() {
        client.sync();
        items.edit("a", item -> item.put("quantity", 3));
        server.next(OLDER_SERVER, OLDER_SERVER, NONE);
        int before = server.types().size();
        client.sync();
        assertThat(server.types().subList(before, server.types().size())).startsWith(BATCH, JSON);
        assertThat(client.pending()).isZero();
        assertThat(server.items().get("a").orElseThrow().members()).containsEntry("quantity", Value.of(3));
    }
}
