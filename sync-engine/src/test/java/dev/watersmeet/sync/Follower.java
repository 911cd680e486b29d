package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.SnapshotPage;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Follows a space as a principal, and holds what that is told. It checks that no page names a document which the principal never could read. */
final class Follower {
    final Principal principal;
    final Map<DocumentId, DocumentState> held = new TreeMap<>();
    /** What the principal itself has named. */
    final Set<DocumentId> pushed = new HashSet<>();

    private final TeamPolicy policy;
    private @Nullable String cursor;

    Follower(Principal principal, TeamPolicy policy) {
        this.principal = principal;
        this.policy = policy;
    }

    /** Reads a page, or a snapshot if there has to be one. Returns whether there is more. */
    boolean read(SyncEngine engine) {
        if (cursor == null) {
            readSnapshot(engine);
            return true;
        }
        try {
            Page page = engine.changes(principal, SPACE, cursor);
            take(page);
            return page.more();
        } catch (ProblemException e) {
            assertThat(e.problem().code()).isEqualTo(ProblemCode.RESYNC);
            cursor = null;
            return true;
        }
    }

    private void readSnapshot(SyncEngine engine) {
        held.clear();
        String position = null;
        do {
            SnapshotPage page = engine.snapshot(principal, SPACE, new ReplicaId(77), position);
            page.documents().forEach(document -> {
                check(document.id());
                held.put(document.id(), document.cells().copy());
            });
            position = page.position();
            cursor = page.cursor();
        } while (position != null);
    }

    private void take(Page page) {
        for (DocumentCells document : page.documents()) {
            check(document.id());
            DocumentState known = held.get(document.id());
            assertThat(known != null || page.complete().contains(document.id()))
                    .as("what is not held of %s arrives whole", document.id())
                    .isTrue();
            held.computeIfAbsent(document.id(), id -> DocumentState.empty()).join(document.cells());
        }
        for (DocumentCells gone : page.dropped()) {
            check(gone.id());
            held.computeIfPresent(gone.id(), (id, state) -> {
                DocumentState left = state.without(gone.cells());
                return left.isEmpty() ? null : left;
            });
        }
        for (DocumentId gone : page.withdrawn()) {
            check(gone);
            held.remove(gone);
        }
        cursor = page.cursor();
    }

    private void check(DocumentId id) {
        if (pushed.contains(id)) {
            return;
        }
        Set<String> ever = policy.everRead.getOrDefault(id, Set.of());
        assertThat(Collections.disjoint(ever, policy.audiences(principal)))
                .as("%s is told of %s, which was only ever readable by %s", principal.name(), id, ever)
                .isFalse();
    }
}
