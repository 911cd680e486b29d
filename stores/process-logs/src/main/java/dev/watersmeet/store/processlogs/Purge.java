package dev.watersmeet.store.processlogs;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.Purging;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One purge of a space, in parts: documents are looked for beside the writers, and decided on in a turn, when nobody writes. At the end the generations go that nobody has to read who covers what was recorded before the
 * horizon. A purge that is interrupted has dropped a part, and can be repeated.
 */
final class Purge {
    private static final int MAX_PART_DOCUMENTS = 1000;
    /** For so many documents the logs are looked through once. */
    private static final int MAX_DOCUMENTS_AT_ONCE = 50_000;

    private static final long MAX_PART_BYTES = 4L << 20;
    private static final int SCAN_CELLS = 5000;
    private static final int MAX_ATTEMPTS = 20;
    /** Documents that are kept under more generations are gathered under one. */
    private static final int MAX_GENERATIONS = 4;
    /** A generation with as many entries from before the horizon is ended even if nothing is dropped, so that they can go the next time. */
    private static final long MANY_ENTRIES = 1000;

    private final Backend backend;
    private final Turns turns;
    private final Logs logs;
    private final Space space;
    private final SpaceKey key;
    private final long horizon;
    private Purged purged = Purged.NOTHING;
    private boolean turned;

    /** Documents that may have to be written anew, and those of them that have to because they are scattered. */
    private record Part(Set<DocumentId> documents, Set<DocumentId> scattered) {}

    private Purge(Backend backend, Turns turns, Logs logs, Space space, SpaceKey key, long horizon) {
        this.backend = backend;
        this.turns = turns;
        this.logs = logs;
        this.space = space;
        this.key = key;
        this.horizon = horizon;
    }

    /**
     * Purges a space.
     *
     * @param horizon Unix milliseconds: what was recorded then or later stays
     */
    static Purged run(Backend backend, Turns turns, Logs logs, Space space, long horizon) {
        Held held = turns.open(space);
        if (horizon <= held.control().renewed()) {
            return Purged.NOTHING; // what was recorded before the epoch counts as recorded when it began
        }
        Purge purge = new Purge(backend, turns, logs, space, held.key(), horizon);
        purge.dropAll();
        purge.endIfLong();
        return purge.purged;
    }

    private void dropAll() {
        @Nullable String from = null;
        List<Part> parts = new ArrayList<>();
        Part part = new Part(new LinkedHashSet<>(), new HashSet<>());
        int documents = 0;
        long bytes = 0;
        do {
            Slice slice = backend.scan(key, from, SCAN_CELLS);
            for (Layered layered : slice.documents()) {
                DocumentCells document = layered.document();
                boolean scattered = layered.generations() > MAX_GENERATIONS;
                if (scattered) {
                    part.scattered.add(document.id());
                }
                if (scattered
                        || !Purging.droppable(document.cells(), path -> true).isEmpty()) {
                    part.documents.add(document.id());
                    documents++;
                    bytes += PageBudget.bytes(document);
                }
            }
            from = slice.next();
            if (from == null || part.documents.size() >= MAX_PART_DOCUMENTS || bytes >= MAX_PART_BYTES) {
                parts.add(part);
                part = new Part(new LinkedHashSet<>(), new HashSet<>());
                bytes = 0;
            }
            if (from == null || documents >= MAX_DOCUMENTS_AT_ONCE) {
                drop(parts);
                parts.clear();
                documents = 0;
            }
        } while (from != null);
    }

    private void drop(List<Part> parts) {
        Held open = turns.open(space);
        if (open.control().life() != key.life()) {
            return; // erased meanwhile
        }
        List<DocumentId> documents =
                parts.stream().flatMap(part -> part.documents.stream()).toList();
        if (!documents.isEmpty()) {
            Younger younger = Younger.of(backend, turns, open, horizon, documents);
            parts.forEach(part -> drop(part, younger));
        }
    }

    private void drop(Part part, Younger younger) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Held open = turns.open(space);
            if (part.documents.isEmpty() || open.control().life() != key.life()) {
                return; // nothing to do, or erased meanwhile
            }
            younger.readTo(open, logs.tips(space, open));
            if (rewritten(younger, part).isEmpty() || endGeneration(open, younger, part)) {
                return;
            }
        }
        throw new StoreException(
                StoreException.Kind.UNAVAILABLE,
                "others have ended generations of " + key.space() + " " + MAX_ATTEMPTS + " times; purge again later");
    }

    /** Whether it was ended, or found not to be worth while. */
    private boolean endGeneration(Held open, Younger younger, Part part) {
        List<Rewritten> found = new ArrayList<>();
        boolean[] looked = new boolean[1];
        Optional<Turn> turn = turns.turn(space, open, 0, cut -> {
            younger.readTo(open, cut);
            found.addAll(rewritten(younger, part));
            looked[0] = true;
            return found.isEmpty() ? Optional.empty() : Optional.of(found);
        });
        if (turn.isPresent()) {
            turned = true;
            found.forEach(this::count);
        }
        return turn.isPresent() || (looked[0] && found.isEmpty());
    }

    private void count(Rewritten document) {
        int cells = document.dropped().cells().size();
        if (cells > 0) {
            purged = purged.plus(new Purged(document.left().cells().isEmpty() ? 1 : 0, cells));
        }
    }

    private List<Rewritten> rewritten(Younger younger, Part part) {
        List<Rewritten> found = new ArrayList<>();
        backend.read(key, part.documents).forEach((id, state) -> {
            DocumentState dropped = Purging.droppable(state, path -> younger.isOld(id, path));
            if (!dropped.isEmpty() || part.scattered.contains(id)) {
                DocumentState left = state.without(dropped);
                found.add(new Rewritten(new DocumentCells(id, dropped), new DocumentCells(id, left)));
            }
        });
        return found;
    }

    private void endIfLong() {
        Held open = turns.open(space);
        if (turned || open.control().life() != key.life()) {
            return;
        }
        VersionVector tips = logs.tips(space, open);
        Recorded recorded = new Recorded(backend, key);
        long old = 0;
        for (int log = 0; log < tips.size(); log++) {
            old += recorded.lastBefore(open.control().logs().get(log), tips.get(log), horizon);
        }
        if (old >= MANY_ENTRIES) {
            turns.turn(space, open, 0, cut -> Optional.of(List.of()));
        }
    }
}
