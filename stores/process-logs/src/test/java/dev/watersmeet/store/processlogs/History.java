package dev.watersmeet.store.processlogs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the clients of a simulated store have done, and what must have come of it. Every edit writes a field that no other writes, so that one sees what became of it. */
final class History {
    private final List<Edit> edits = new ArrayList<>();
    private final Map<DocumentId, Map<ReplicaId, Stamp>> deleted = new HashMap<>();
    private int stamps;
    private boolean deletingSpace;

    /** What a deletion of the whole space has done to an edit. */
    private enum Fate {
        STAYS,
        /** They were made at the same time. */
        MAY_BE_GONE,
        /** It was acknowledged before the deletion began, which has ended. */
        IS_GONE
    }

    /** What is known of an edit. */
    enum Outcome {
        UNKNOWN,
        ACCEPTED,
        REFUSED
    }

    /** An edit of some documents by a replica. */
    static final class Edit {
        final Path field;
        final Stamp stamp;
        final List<DocumentCells> cells;
        /** The fields that its writer saw in each document. */
        final Map<DocumentId, Set<Path>> seen = new HashMap<>();
        /** Those of them that its writer's cursor covers: what a scan shows of a batch that is being written may come to others later. */
        final Set<Path> covered;

        Outcome outcome = Outcome.UNKNOWN;
        private Fate fate = Fate.STAYS;
        /** Whether it was acknowledged before the deletion of the space that is under way. */
        private boolean doomed;

        Edit(Path field, Stamp stamp, List<DocumentCells> cells, Set<Path> covered) {
            this.field = field;
            this.covered = Set.copyOf(covered);
            this.stamp = stamp;
            this.cells = cells;
        }

        /** Whether its writer saw another edit of a document, which the cursor covers. */
        private boolean saw(DocumentId id, Edit earlier) {
            return covered.contains(earlier.field)
                    && seen.getOrDefault(id, Set.of()).contains(earlier.field);
        }

        @Override
        public String toString() {
            return field + " " + outcome;
        }
    }

    private Stamp stamp(ReplicaId replica) {
        return Stamp.of(1_000_000 + ++stamps, 0, replica);
    }

    /**
     * An edit by a replica that has seen what a reader holds.
     *
     * @param covered the fields of all that the reader's cursor covers
     */
    Edit edit(ReplicaId replica, List<DocumentId> ids, Map<DocumentId, DocumentState> seen, Set<Path> covered) {
        Stamp stamp = stamp(replica);
        Path field = Path.register("edit" + edits.size());
        List<DocumentCells> cells = new ArrayList<>();
        for (DocumentId id : ids) {
            cells.add(new DocumentCells(
                    id,
                    DocumentState.of(
                            Map.of(Path.existence(replica), Cell.live(stamp), field, Cell.live(stamp, Value.of(1))))));
        }
        Edit edit = new Edit(field, stamp, cells, covered);
        edit.fate = deletingSpace ? Fate.MAY_BE_GONE : Fate.STAYS;
        seen.forEach((id, state) -> edit.seen.put(id, fields(state)));
        edits.add(edit);
        return edit;
    }

    /** Somebody begins to delete the space. */
    void spaceDeletionBegins() {
        deletingSpace = true;
        for (Edit edit : edits) {
            edit.fate = edit.fate == Fate.STAYS ? Fate.MAY_BE_GONE : edit.fate;
            edit.doomed = edit.outcome == Outcome.ACCEPTED;
        }
    }

    /** The space was deleted, perhaps at a later attempt. */
    void spaceDeletionEnds() {
        deletingSpace = false;
        edits.stream().filter(edit -> edit.doomed).forEach(edit -> edit.fate = Fate.IS_GONE);
    }

    static Set<Path> fields(DocumentState state) {
        Set<Path> fields = new HashSet<>(state.cells().keySet());
        fields.removeIf(Path::hasReplica);
        return fields;
    }

    /** The deletion of a document by who sees a state of it. */
    DocumentCells deletion(DocumentId id, DocumentState seen) {
        Map<Path, Cell> cells = new HashMap<>();
        seen.forEach((path, cell) -> {
            if (path.kind() == Kind.EXISTENCE) {
                cells.put(Path.deletion(path.replica()), Cell.removed(cell.stamp()));
                deleted.computeIfAbsent(id, key -> new HashMap<>())
                        .merge(path.replica(), cell.stamp(), (a, b) -> a.isAfter(b) ? a : b);
            }
        });
        return new DocumentCells(id, DocumentState.of(cells));
    }

    /** Whether somebody has deleted the space, or a document, who had seen an edit of it, or a later one of the same replica: then it may be gone. */
    private boolean mayBeGone(DocumentId id, Edit edit) {
        @Nullable Stamp last = deleted.getOrDefault(id, Map.of()).get(edit.stamp.replica());
        return edit.fate != Fate.STAYS || (last != null && !edit.stamp.isAfter(last));
    }

    /** Checks what somebody holds who has read everything up to some point: nothing is missing that the writer of something else had seen. */
    void checkCausal(Map<DocumentId, DocumentState> held) {
        for (Edit earlier : edits) {
            for (DocumentCells written : earlier.cells) {
                if (!holds(held, written.id(), earlier.field) && !mayBeGone(written.id(), earlier)) {
                    edits.stream()
                            .filter(edit -> edit.saw(written.id(), earlier) && isHeld(edit, held))
                            .findAny()
                            .ifPresent(edit -> {
                                throw new AssertionError(edit + " is here, and " + earlier + " of " + written.id()
                                        + " is not, which its writer saw");
                            });
                }
            }
        }
    }

    private static boolean isHeld(Edit edit, Map<DocumentId, DocumentState> held) {
        return edit.cells.stream().anyMatch(written -> holds(held, written.id(), edit.field));
    }

    /** Checks what somebody holds: nothing that was refused. */
    void checkRefused(Map<DocumentId, DocumentState> held) {
        edits.stream()
                .filter(edit -> edit.outcome == Outcome.REFUSED)
                .forEach(edit -> checkGone(edit, "refused", held));
    }

    /** Checks an edit that was acknowledged. */
    void checkHeld(Edit edit, Map<DocumentId, DocumentState> held) {
        for (DocumentCells written : edit.cells) {
            assertThat(holds(held, written.id(), edit.field) || mayBeGone(written.id(), edit))
                    .as("%s is acknowledged, and in %s", edit, written.id())
                    .isTrue();
        }
    }

    /** Checks what the store holds at the end. */
    void checkEnd(Map<DocumentId, DocumentState> held) {
        checkCausal(held);
        checkRefused(held);
        for (Edit edit : edits) {
            if (edit.fate == Fate.IS_GONE) {
                checkGone(edit, "deleted with its space", held);
            }
            switch (edit.outcome) {
                case ACCEPTED -> checkHeld(edit, held);
                case REFUSED -> {}
                default -> checkWhole(edit, held);
            }
            checkNoFragment(edit, held);
        }
    }

    private static void checkGone(Edit edit, String why, Map<DocumentId, DocumentState> held) {
        edit.cells.forEach(written -> assertThat(holds(held, written.id(), edit.field))
                .as("%s was %s, and yet is in %s", edit, why, written.id())
                .isFalse());
    }

    private void checkWhole(Edit edit, Map<DocumentId, DocumentState> held) {
        Set<Boolean> there = new HashSet<>();
        for (DocumentCells written : edit.cells) {
            if (!mayBeGone(written.id(), edit)) {
                there.add(holds(held, written.id(), edit.field));
            }
        }
        assertThat(there).as("the parts of %s are there", edit).hasSizeLessThan(2);
    }

    /** Of a document that an edit keeps alive all is there that its writer saw in it. */
    private void checkNoFragment(Edit edit, Map<DocumentId, DocumentState> held) {
        for (DocumentCells written : edit.cells) {
            DocumentId id = written.id();
            if (holds(held, id, edit.field) && !mayBeGone(id, edit)) {
                for (Path field : edit.seen.getOrDefault(id, Set.of())) {
                    assertThat(holds(held, id, field))
                            .as("%s, which the writer of %s saw in %s", field, edit, id)
                            .isTrue();
                }
            }
        }
    }

    private static boolean holds(Map<DocumentId, DocumentState> held, DocumentId id, Path field) {
        @Nullable DocumentState state = held.get(id);
        return state != null && state.get(field) != null;
    }

    /** The edit that wrote a field. */
    Edit edit(Path field) {
        return edits.stream().filter(edit -> edit.field.equals(field)).findAny().orElseThrow();
    }

    /** The fields of the edits that are acknowledged. */
    Set<Path> acknowledged() {
        Set<Path> fields = new HashSet<>();
        edits.stream().filter(edit -> edit.outcome == Outcome.ACCEPTED).forEach(edit -> fields.add(edit.field));
        return fields;
    }
}
