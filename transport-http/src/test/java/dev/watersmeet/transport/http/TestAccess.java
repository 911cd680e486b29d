package dev.watersmeet.transport.http;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.sync.Access;
import dev.watersmeet.sync.DocumentPolicy;
import dev.watersmeet.sync.Permission;
import dev.watersmeet.sync.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Spaces that start with {@code closed} are nobody's, with {@code shown} nobody may write, and with {@code teams} a document is for those who are in the team that its field {@code team} names. */
final class TestAccess implements Access {
    /** The teams that somebody is in. */
    final Map<String, Set<String>> teams = new ConcurrentHashMap<>(Map.of("ann", Set.of("red"), "ben", Set.of("blue")));

    private final DocumentPolicy policy = new DocumentPolicy() {
        @Override
        public String version() {
            return "1";
        }

        @Override
        public Set<String> readers(DocumentId document, Value record) {
            Value team = record.fields().get("team");
            return team == null ? Set.of() : Set.of(String.valueOf(team.toJava()));
        }

        @Override
        public Set<String> audiences(Principal principal) {
            return teams.getOrDefault(principal.name(), Set.of());
        }
    };

    @Override
    public Permission permission(Principal principal, SpaceId space) {
        if (space.name().startsWith("broken")) {
            throw new IllegalStateException("a secret of the application");
        }
        return space.name().startsWith("closed")
                ? Permission.NONE
                : space.name().startsWith("shown") ? Permission.READ : Permission.WRITE;
    }

    @Override
    public Optional<DocumentPolicy> documents(SpaceId space) {
        return space.name().startsWith("teams") ? Optional.of(policy) : Optional.empty();
    }
}
