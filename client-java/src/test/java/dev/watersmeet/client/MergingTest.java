package dev.watersmeet.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas edit the same documents without seeing each other's edits. */
class MergingTest {
    private final TestServer server = TestServer.start();
    private final ReplicaClient one = server.client().open();
    private final ReplicaClient two = server.client().open();
    private final Documents ones = one.collection("items");
    private final Documents twos = two.collection("items");

    @BeforeEach
    void bothHoldTheSame() {
        ones.put("a", Map.of("name", "Box", "colour", "red", "tags", List.of("old"), "quantity", 10));
        meet();
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        server.close();
    }

    private void meet() {
        one.sync();
        two.sync();
        one.sync();
        assertThat(ones.records()).isEqualTo(twos.records());
        assertThat(ones.get("a")).isEqualTo(server.items().get("a"));
    }

    private Value shown() {
        return ones.get("a").orElseThrow();
    }

    @Test
    void editsOfDifferentFieldsBothStay() {
        ones.edit("a", item -> item.put("name", "Crate"));
        twos.edit("a", item -> item.put("colour", "blue"));
        meet();
        assertThat(shown().members())
                .containsEntry("name", Value.of("Crate"))
                .containsEntry("colour", Value.of("blue"));
    }

    @Test
    void ofTwoWritesToOneFieldTheLaterWins() {
        twos.edit("a", item -> item.put("name", "Earlier"));
        long before = System.currentTimeMillis();
        while (System.currentTimeMillis() <= before) {
            Thread.onSpinWait();
        }
        ones.edit("a", item -> item.put("name", "Later"));
        meet();
        assertThat(shown().members()).containsEntry("name", Value.of("Later"));
    }

    @Test
    void additionToASetWinsOverAConcurrentRemoval() {
        ones.edit("a", item -> item.put("tags", List.of("old", "new")));
        twos.edit("a", item -> item.put("tags", List.of()));
        meet();
        assertThat(shown().members()).containsEntry("tags", Value.of(List.of("new")));
        ones.edit("a", item -> item.put("tags", List.of()));
        twos.edit("a", item -> item.put("tags", List.of("new", "new too")));
        meet();
        assertThat(shown().members()).containsEntry("tags", Value.of(List.of("new too")));
    }

    @Test
    void countsOfBothCount() {
        ones.edit("a", item -> item.put("quantity", 13));
        twos.edit("a", item -> item.put("quantity", 5));
        meet();
        assertThat(shown().members()).containsEntry("quantity", Value.of(8));
    }

    @Test
    void whatOneDeletesIsGoneForBoth() {
        ones.delete("a");
        assertThat(ones.get("a")).isEmpty();
        assertThat(ones.ids()).isEmpty();
        meet();
        assertThat(twos.get("a")).isEmpty();
        assertThat(twos.ids()).isEmpty();
    }

    @Test
    void editThatTheDeleterHadNotSeenBringsTheDocumentBackWhole() {
        ones.delete("a");
        twos.edit("a", item -> item.put("colour", "blue"));
        meet();
        assertThat(shown())
                .isEqualTo(Value.of(Map.of("name", "Box", "colour", "blue", "tags", List.of("old"), "quantity", 10)));
    }

    @Test
    void documentThatIsCreatedAgainShowsNothingOfTheDeletedOne() {
        ones.delete("a");
        meet();
        twos.put("a", Map.of("name", "Other", "quantity", 1));
        meet();
        assertThat(shown()).isEqualTo(Value.of(Map.of("name", "Other", "tags", List.of(), "quantity", 1)));
    }

    @Test
    void documentThatIsDeletedAndCreatedAgainBeforeAnExchangeIsTheNewOne() {
        ones.delete("a");
        ones.put("a", Map.of("name", "Other"));
        twos.edit("a", item -> item.put("quantity", 11));
        meet();
        assertThat(shown().members())
                .containsEntry("name", Value.of("Other"))
                .containsEntry("quantity", Value.of(1))
                .doesNotContainKey("colour");
    }

    @Test
    void editOfTheServerItselfArrives() {
        server.items().edit("a", item -> item.put("colour", "green"));
        twos.edit("a", item -> item.put("name", "Crate"));
        meet();
        assertThat(shown().members())
                .containsEntry("colour", Value.of("green"))
                .containsEntry("name", Value.of("Crate"));
    }

    @Test
    void idsKeepTheirTypes() {
        ones.put(Value.of(1), Map.of("name", "number"));
        ones.put("1", Map.of("name", "text"));
        meet();
        assertThat(twos.ids()).containsExactly(Value.of("1"), Value.of("a"), Value.of(1));
        assertThat(twos.get(Value.of(1)))
                .contains(Value.of(Map.of("name", "number", "tags", List.of(), "quantity", 0)));
    }

    @Test
    void putOfWhatStandsIsNoEdit() {
        ones.put("a", shown().members());
        assertThat(one.pending()).isZero();
    }
}
