package dev.watersmeet.testing.differential;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.format.PushedDocument;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

class HistoryTest {
    private static final Set<Feature> EXPECTED =
            EnumSet.complementOf(EnumSet.range(Feature.REPEATED_KEY, Feature.ODD_SPELLING));

    static {
        EXPECTED.removeAll(EnumSet.range(Feature.PATH_NEAR_LIMIT, Feature.ABOVE_ID_LIMIT));
        // Texts of a mebibyte are slow here, and frequent in ValuesTest; clocks come to their end in NamesTest.
        EXPECTED.removeAll(EnumSet.of(Feature.NEAR_VALUE_LIMIT, Feature.ABOVE_VALUE_LIMIT, Feature.CLOCK_EXHAUSTED));
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Steps.any();
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void bothModelsComeToTheSameAfterEachStep(@ForAll("histories") List<Step> steps) {
        History history = History.run(steps);
        JsonNode outcome = NodePeer.ask("history", history.question());
        for (int i = 0; i < history.traces.size(); i++) {
            String java = history.traces.get(i);
            String typeScript = outcome.get("traces").get(i).textValue();
            if (!typeScript.equals(java)) {
                assertThat(Texts.brief(typeScript))
                        .as("what TypeScript came to in step %d of%s", i, history)
                        .isEqualTo(Texts.brief(java));
            }
        }
        assertThat(outcome.get("merged").textValue()).isEqualTo(history.merged());
        for (int i = 0; i < history.replicas.size(); i++) {
            assertThat(Replica.read(outcome.get("pages").get(i).textValue()))
                    .as("the page that TypeScript sends of replica %d in%s", i, history)
                    .isEqualTo(history.replicas.get(i).document.joined());
        }
        assertThat(outcome.get("batch").textValue())
                .as("the batch that TypeScript writes of all replicas of%s", history)
                .isEqualTo(history.batch());
        List<PushedDocument> documents = Batches.documents(history.replicas);
        assertThat(outcome.get("documents").textValue())
                .as("what TypeScript reads of Java's batch of all replicas of%s", history)
                .isEqualTo(Batches.text(documents));
        assertThat(Batches.read(outcome.get("batch").textValue()))
                .as("what Java reads of TypeScript's batch of all replicas of%s", history)
                .isEqualTo(documents);
        Feature.count(history.features, EXPECTED);
        history.types.forEach(
                type -> Statistics.label("changes of fields of type").collect(type));
        Statistics.label("changes of fields of type").coverage(coverage -> {
            for (FieldType type : FieldType.values()) {
                coverage.check(type).count(count -> count > 0);
            }
        });
    }
}
