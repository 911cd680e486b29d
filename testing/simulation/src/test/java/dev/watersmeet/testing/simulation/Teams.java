package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.sync.DocumentPolicy;
import dev.watersmeet.sync.Principal;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A document is its team's, by its field {@code team}. People change teams, and the names of audiences change with the version. It remembers whom it has ever let read what. */
final class Teams implements DocumentPolicy {
    static final String FIELD = "team";
    static final List<String> NAMES = List.of("red", "blue", "green");

    private final Map<String, Set<String>> members = new HashMap<>();
    private final Map<DocumentId, Set<String>> ever = new HashMap<>();
    private int version;

    /** Counts the changes of who is in which team. */
    private int changes;

    void change(String person, Set<String> teams) {
        members.put(person, teams);
        changes++;
    }

    int changes() {
        return changes;
    }

    void renew() {
        version++;
    }

    @Override
    public String version() {
        return "version " + version;
    }

    @Override
    public Set<String> readers(DocumentId document, Value record) {
        Set<String> readers = readers(record);
        ever.computeIfAbsent(document, id -> new HashSet<>()).addAll(readers);
        return readers;
    }

    private Set<String> readers(Value record) {
        Value team = record.fields().get(FIELD);
        return team == null ? Set.of() : Set.of(version % 3 + " " + team.toJava());
    }

    @Override
    public Set<String> audiences(Principal principal) {
        Set<String> audiences = new HashSet<>();
        members.getOrDefault(principal.name(), Set.of()).forEach(team -> audiences.add(version % 3 + " " + team));
        return audiences;
    }

    /** Whether somebody may know of a document, being who they are now. */
    boolean mayKnow(Principal principal, DocumentId document) {
        return !Collections.disjoint(audiences(principal), ever.getOrDefault(document, Set.of()));
    }

    boolean mayRead(Principal principal, Value record) {
        return !Collections.disjoint(audiences(principal), readers(record));
    }
}
