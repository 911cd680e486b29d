package dev.watersmeet.store.processlogs;

import static dev.watersmeet.store.processlogs.Simulation.DOCUMENTS;
import static dev.watersmeet.store.processlogs.Simulation.SPACE;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.StoreException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Somebody in a simulation who reads, edits and deletes, and pushes by marks, through any of the processes; one thing after the other. */
final class Client {
    final Map<DocumentId, DocumentState> held = new HashMap<>();
    boolean busy;

    private final ReplicaId replica;
    private final Random random;
    private final History history;
    private final @Nullable PlantedBug bug;
    private final Set<Path> covered = new HashSet<>();
    private @Nullable Cursor cursor;

    Client(ReplicaId replica, Random random, History history, @Nullable PlantedBug bug) {
        this.bug = bug;
        this.replica = replica;
        this.random = random;
        this.history = history;
    }

    /**
     * Does something.
     *
     * @param cleaning whether that is nothing but deletions, and reading
     */
    void act(ProcessLogStore store, boolean cleaning) {
        switch (cleaning ? 1 + 5 * random.nextInt(2) : random.nextInt(6)) {
            case 0 -> edit(store);
            case 1 -> delete(store);
            case 2, 3 -> push(store);
            default -> follow(store);
        }
    }

    private void edit(ProcessLogStore store) {
        if (cursor != null) {
            History.Edit edit = history.edit(replica, some(), held, covered);
            join(store, Batch.of(edit.cells).basedOn(cursor), edit);
        }
    }

    private List<DocumentId> some() {
        return random.nextInt(3) == 0 ? DOCUMENTS : List.of(DOCUMENTS.get(random.nextInt(DOCUMENTS.size())));
    }

    private void join(ProcessLogStore store, Batch batch, History.Edit edit) {
        try {
            store.join(SPACE, batch);
            edit.outcome = History.Outcome.ACCEPTED;
        } catch (StoreException e) {
            if (!e.retryable()) {
                edit.outcome = History.Outcome.REFUSED;
            }
            if (e.kind() == StoreException.Kind.CURSOR_EXPIRED) {
                follow(store);
            } else if (e.kind() != StoreException.Kind.MARK_MOVED) {
                throw e;
            }
        }
    }

    private void delete(ProcessLogStore store) {
        DocumentId id = DOCUMENTS.get(random.nextInt(DOCUMENTS.size()));
        @Nullable DocumentState state = held.get(id);
        if (cursor != null && state != null && state.alive()) {
            store.join(SPACE, Batch.of(List.of(history.deletion(id, state))).basedOn(cursor));
        }
    }

    /** Pushes by the mark that there is, and now and then once more, elsewhere. */
    private void push(ProcessLogStore store) {
        Optional<Mark> last = store.mark(SPACE, replica);
        last.ifPresent(mark -> checkMark(store, mark));
        if (cursor != null) {
            History.Edit edit = history.edit(replica, some(), held, covered);
            long number = last.map(Mark::number).orElse(0L) + 1;
            Mark mark = new Mark(replica, "ada", number, edit.field.field(), "");
            Batch batch = Batch.of(edit.cells, mark).basedOn(cursor).following(FormerMark.of(last));
            join(store, batch, edit);
        }
    }

    /** Whoever has seen a mark reads its cells. */
    void checkMark(ProcessLogStore store, Mark mark) {
        History.Edit edit = history.edit(Path.register(mark.nonce()));
        edit.outcome = History.Outcome.ACCEPTED;
        history.checkHeld(edit, store.read(SPACE, DOCUMENTS));
    }

    /** Reads what has changed, now and then all, and checks what it holds then. */
    void follow(ProcessLogStore store) {
        try {
            Cursor next = cursor == null || random.nextInt(8) == 0 ? scan(store) : cursor;
            Changes page;
            do {
                page = store.changes(SPACE, next, 1 + random.nextInt(6));
                page.documents().forEach(delta -> {
                    join(delta);
                    covered.addAll(History.fields(delta.cells()));
                });
                page.dropped()
                        .forEach(dropped ->
                                held.computeIfPresent(dropped.id(), (id, state) -> state.without(dropped.cells())));
                next = page.cursor();
                cursor = next;
            } while (page.more());
            history.checkCausal(held);
            history.checkRefused(held);
        } catch (StoreException e) {
            cursor = e.kind() == StoreException.Kind.CURSOR_EXPIRED ? null : cursor;
            throw e;
        }
    }

    private void join(DocumentCells delta) {
        held.computeIfAbsent(delta.id(), id -> DocumentState.empty()).join(delta.cells());
    }

    /** Forgets what it holds, and reads all that there is. */
    Cursor scan(ProcessLogStore store) {
        cursor = null;
        held.clear();
        covered.clear();
        covered.addAll(history.acknowledged());
        Cursor head = store.head(SPACE);
        @Nullable Cursor position = null;
        do {
            Scan page = store.scan(SPACE, position, 1);
            page.documents().forEach(this::join);
            position = page.position();
        } while (position != null);
        cursor = bug == PlantedBug.A_SCAN_ENDS_WITH_ITS_CURSOR ? store.head(SPACE) : head;
        return cursor;
    }
}
