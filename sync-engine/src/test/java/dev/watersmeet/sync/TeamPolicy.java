package dev.watersmeet.sync;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Value;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Documents are their team's, by their field {@code team}; one without is nobody's. It remembers whom it has ever let read what. */
final class TeamPolicy implements DocumentPolicy {
    final Map<String, Set<String>> members = new TreeMap<>();
    final Map<DocumentId, Set<String>> everRead = new ConcurrentHashMap<>();
    String version = "1";
    String prefix = "team "; // of the names of audiences
    /** The field that nobody may change. */
    String fixed = "";

    volatile Runnable beforeJudging = () -> {};

    TeamPolicy with(Principal principal, String... teams) {
        members.put(principal.name(), new TreeSet<>(Set.of(teams)));
        return this;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Set<String> readers(DocumentId document, Value record) {
        beforeJudging.run();
        Value team = record.fields().get("team");
        Set<String> readers = team == null ? Set.of() : Set.of(prefix + team.toJava());
        everRead.computeIfAbsent(document, id -> ConcurrentHashMap.newKeySet()).addAll(readers);
        return readers;
    }

    @Override
    public Set<String> audiences(Principal principal) {
        Set<String> audiences = new TreeSet<>();
        members.getOrDefault(principal.name(), Set.of()).forEach(team -> audiences.add(prefix + team));
        return audiences;
    }

    @Override
    public Optional<String> refuse(Principal principal, DocumentChange change) {
        return change.fields().contains(fixed) ? Optional.of("nobody may change " + fixed) : Optional.empty();
    }
}
