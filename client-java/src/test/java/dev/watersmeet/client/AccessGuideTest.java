package dev.watersmeet.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.sync.Access;
import dev.watersmeet.sync.DocumentChange;
import dev.watersmeet.sync.DocumentPolicy;
import dev.watersmeet.sync.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The examples of the guide {@code docs/access.md}, which are parts of this file, and two people with clients of their own over one server. */
@Tag("P-22")
@Tag("P-24")
class AccessGuideTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final Map<String, Set<String>> memberships =
            new ConcurrentHashMap<>(Map.of("ada", Set.of("red"), "bob", Set.of("blue")));

    static final class Teams implements DocumentPolicy {
        private final Map<String, Set<String>> memberships;

        Teams(Map<String, Set<String>> memberships) {
            this.memberships = memberships;
        }

        @Override
        public String version() {
            return "2026-11-22";
        }

        @Override
        public Set<String> readers(DocumentId document, Value record) {
            Value team = record.fields().get("team");
            return team == null ? Set.of() : Set.of(team.toJava().toString());
        }

        @Override
        public Set<String> audiences(Principal principal) {
            return memberships.getOrDefault(principal.name(), Set.of());
        }

        @Override
        public Optional<String> refuse(Principal principal, DocumentChange change) {
            return change.fields().contains("price") && !principal.name().equals("ada")
                    ? Optional.of("only Ada sets prices")
                    : Optional.empty();
        }
    }

    private final TestServer server = TestServer.start(Access.asGranted().withDocuments(new Teams(memberships)));
    private final ReplicaClient ada = server.client("ada").open();
    private final ReplicaClient bob = server.client("bob").open();
    private final Documents adas = ada.collection("items");
    private final Documents bobs = bob.collection("items");

    @AfterEach
    void close() {
        ada.close();
        bob.close();
        server.close();
    }

    private void sync() {
        ada.sync();
        bob.sync();
        ada.sync();
    }

    @Test
    void everyExampleIsPartOfThisFile() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/watersmeet/client/AccessGuideTest.java"));
        String guide = Files.readString(Path.of("../docs/access.md"));
        assertThat(EXAMPLE.matcher(guide).results().map(match -> match.group(1)))
                .hasSize(2)
                .allSatisfy(example -> assertThat(spaced(source)).contains(spaced(example)));
    }

    private static String spaced(String text) {
        return SPACE.matcher(text).replaceAll(" ").strip();
    }

    @Test
    void whatIsGivenAwayLeavesTheOneAndReachesTheOther() {
        adas.put("nails", Map.of("team", "red", "name", "nails", "quantity", 7));
        sync();
        assertThat(adas.records()).hasSize(1);
        assertThat(bobs.records()).isEmpty();

        adas.edit("nails", item -> item.put("team", "blue"));
        sync();

        assertThat(adas.records()).isEmpty();
        assertThat(bobs.get("nails").orElseThrow().fields()).containsKeys("team", "name", "quantity");
        assertThat(ada.pending()).isZero();
        assertThat(ada.rejected()).isEmpty();
    }

    @Test
    void whatIsTakenFromSomebodyOfflineIsGoneWhenTheyComeBackAndTheirEditIsKeptAside() {
        adas.put("nails", Map.of("team", "red", "name", "nails"));
        sync();
        server.items().edit("nails", item -> item.put("team", "blue"));

        adas.edit("nails", item -> item.put("name", "long nails"));
        ada.sync();

        assertThat(adas.records()).isEmpty();
        assertThat(ada.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.code()).isEqualTo(RejectionCode.FORBIDDEN);
            assertThat(rejected.document()).isEqualTo(DocumentId.of("items", "nails"));
        });
        assertThat(server.items().get("nails").orElseThrow().fields().get("name"))
                .isEqualTo(Value.of("nails"));
    }

    @Test
    void whoChangesTeamsHasTheOthersDocumentsAfterwards() {
        server.items().put("nails", Map.of("team", "red", "name", "nails"));
        server.items().put("screws", Map.of("team", "blue", "name", "screws"));
        sync();
        assertThat(adas.records()).containsOnlyKeys(Value.of("nails"));

        memberships.put("ada", Set.of("blue"));
        adas.edit("nails", item -> item.put("name", "mine"));
        ada.sync();

        assertThat(adas.records()).containsOnlyKeys(Value.of("screws"));
        assertThat(ada.pending()).isZero();
        assertThat(ada.rejected()).hasSize(1);
    }

    @Test
    void aFieldThatSomebodyMayNotChangeIsRefusedInThePolicysWords() {
        server.items().put("screws", Map.of("team", "blue", "name", "screws"));
        bob.sync();

        bobs.edit("screws", item -> item.put("price", 1));
        bob.sync();

        assertThat(bob.rejected()).singleElement().satisfies(rejected -> assertThat(rejected.detail())
                .isEqualTo("only Ada sets prices"));
        assertThat(bobs.get("screws").orElseThrow().fields()).doesNotContainKey("price");
    }

    @Test
    void aCounterIsRightAfterItsDocumentHasBeenAway() {
        adas.put("nails", Map.of("team", "red", "quantity", 7));
        sync();
        server.items().edit("nails", item -> item.put("team", "blue"));
        ada.sync();
        server.items().edit("nails", item -> item.put("team", "red"));
        ada.sync();

        adas.edit("nails", item -> item.put("quantity", 8));
        ada.sync();

        assertThat(server.items().get("nails").orElseThrow().fields().get("quantity"))
                .isEqualTo(Value.of(8));
    }
}
