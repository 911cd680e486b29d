package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A device that goes on with the last life of a counter whatever it has forgotten of it, unless it was reset: what it begins anew is told under the old name, and heard under the new one (M-40). */
final class GoneOnLives {
    /** By the names that the client gives, in the order in which it gave them, those that are told. */
    private final Map<DocumentId, Map<Stamp, Stamp>> told = new HashMap<>();

    private final Map<DocumentId, Stamp> latest = new HashMap<>();
    private final Set<Map.Entry<DocumentId, Stamp>> ended = new HashSet<>();

    DocumentCells said(DocumentCells document, ReplicaId own) {
        Map<Stamp, Stamp> names = told.computeIfAbsent(document.id(), id -> new LinkedHashMap<>());
        lives(document).filter(life -> life.replica().equals(own)).forEach(life -> {
            names.computeIfAbsent(life, unknown -> name(document.id(), life));
            endIfReset(document, life, names.get(life));
        });
        return renamed(document, life -> names.getOrDefault(life, life));
    }

    private Stamp name(DocumentId document, Stamp life) {
        Stamp last = latest.get(document);
        Stamp name = last == null || ended.contains(Map.entry(document, last)) ? life : last;
        latest.put(document, name);
        return name;
    }

    DocumentCells heard(DocumentCells document) {
        lives(document).forEach(life -> endIfReset(document, life, life));
        return renamed(document, life -> {
            Stamp known = life;
            for (Map.Entry<Stamp, Stamp> name :
                    told.getOrDefault(document.id(), Map.of()).entrySet()) {
                known = name.getValue().equals(life) ? name.getKey() : known;
            }
            return known;
        });
    }

    private void endIfReset(DocumentCells document, Stamp life, Stamp name) {
        if (document.cells().get(Path.counterBase(Model.COUNTER, life)) != null) {
            ended.add(Map.entry(document.id(), name));
        }
    }

    private static Stream<Stamp> lives(DocumentCells document) {
        return document.cells().cells().keySet().stream()
                .filter(path -> path.kind() == Kind.COUNTER || path.kind() == Kind.COUNTER_BASE)
                .map(Path::life)
                .distinct()
                .sorted();
    }

    private static DocumentCells renamed(DocumentCells document, UnaryOperator<Stamp> names) {
        DocumentState renamed = DocumentState.empty();
        document.cells().forEach((path, cell) -> renamed.join(renamed(path, names), cell));
        return new DocumentCells(document.id(), renamed);
    }

    private static Path renamed(Path path, UnaryOperator<Stamp> names) {
        return switch (path.kind()) {
            case COUNTER -> Path.counter(path.field(), names.apply(path.life()));
            case COUNTER_BASE -> Path.counterBase(path.field(), names.apply(path.life()));
            default -> path;
        };
    }
}
