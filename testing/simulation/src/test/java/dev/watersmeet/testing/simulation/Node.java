package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.sync.Access;
import dev.watersmeet.sync.Documents;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.sync.SyncEngine;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A server: a real engine on the shared store, with a clock of its own. It answers a request as the servlet does, and can die at any write. */
final class Node {
    final int number;
    final SimulatedClock clock;
    final NodeStore store;
    private final Schedule schedule;
    private final SyncEngine.Builder settings;
    private final PlantedBug bug;
    private SyncEngine engine;
    private boolean up = true;
    private int lives;

    Node(int number, Schedule schedule, SimulatedClock clock, NodeStore store, PlantedBug bug) {
        this.number = number;
        this.schedule = schedule;
        this.clock = clock;
        this.store = store;
        this.bug = bug;
        this.settings = bug.engine(SyncEngine.on(store)
                .access(Access.writeEverywhere())
                .schema(Model.SCHEMA)
                .node("node-" + number)
                .time(clock));
        this.engine = open();
    }

    private SyncEngine open() {
        lives++;
        return settings.random(new Random(number * 1000L + lives)).open();
    }

    boolean isUp() {
        return up;
    }

    /** The server process ends. */
    void die() {
        schedule.note(() -> "node " + number + " dies");
        up = false;
        store.died();
    }

    /** The server process begins anew. */
    void begin() {
        schedule.note(() -> "node " + number + " begins anew");
        engine = open();
        up = true;
    }

    /** Answers a request; null if it died over it. */
    @Nullable
    Answer handle(Request request) {
        if (!up) {
            return null;
        }
        try {
            return request.message() == null
                    ? snapshot(request)
                    : sync(request, request.wire().said(request.message()));
        } catch (NodeStore.Death e) {
            die();
            return null;
        } catch (ProblemException e) {
            return Answer.problem(request.wire().heard(e.problem()));
        } catch (StoreException e) {
            ProblemCode code = e.retryable() ? ProblemCode.STORE_UNAVAILABLE : ProblemCode.INTERNAL;
            return Answer.problem(Problem.of(code, String.valueOf(e.getMessage())));
        }
    }

    private Answer sync(Request request, SyncRequest message) {
        SyncAnswer answer = request.wire()
                .heard(BrokenEngine.sync(bug, engine, store, new Principal(request.principal()), message));
        Page page = answer.changes();
        @Nullable
        Coverage coverage =
                page == null ? null : Coverage.page(store.shared.history().covered(page.cursor()));
        return new Answer(
                200, request.answers(), form -> MergeFormat.writeSyncAnswer(answer, form), coverage, answer.push());
    }

    private Answer snapshot(Request request) {
        ReplicaId replica = request.replica();
        SnapshotPage read =
                engine.snapshot(new Principal(request.principal()), SharedStore.SPACE, replica, request.position());
        if (bug == PlantedBug.CURSOR_AFTER_THE_SCAN) {
            String cursor = store.shared.head().text();
            read = new SnapshotPage(read.time(), read.documents(), read.position(), cursor, read.total(), read.last());
        }
        Wire wire = request.wire();
        SnapshotPage page = wire.heard(read);
        boolean last = page.position() == null;
        Coverage coverage = Coverage.snapshot(
                page.documents(),
                store.lastRead,
                request.position() == null,
                last ? store.shared.history().covered(page.cursor()) : -1);
        return new Answer(
                200,
                request.answers(),
                form -> MergeFormat.writeSnapshotPage(page, form),
                coverage,
                request.position() == null ? page.last() : null);
    }

    /** The server itself edits a document. */
    void edit(Plan plan) {
        if (!up) {
            return;
        }
        try {
            Documents documents = engine.space(SharedStore.SPACE.name())
                    .collection(plan.document().collection());
            Value id = plan.document().id();
            if (plan.kind() == Plan.Kind.DELETE) {
                store.doing = () -> happens(plan, seen(plan), true, List.of(Effect.delete()));
                documents.delete(id);
            } else {
                documents.edit(id, record -> {
                    boolean existed = !record.isEmpty();
                    List<Effect> effects = plan.edit(record);
                    List<Happening> seen = seen(plan);
                    store.doing = () -> happens(plan, seen, existed, effects);
                });
            }
        } catch (NodeStore.Death e) {
            die();
        } catch (StoreException e) {
            schedule.note(() -> "node " + number + " cannot edit: " + e.getMessage());
        } finally {
            store.doing = null;
        }
    }

    /** What the server has seen of a document that it has just read. */
    private List<Happening> seen(Plan plan) {
        return store.shared.history().seen(plan.document(), store.lastRead, other -> false).stream()
                .filter(happening -> !happening.lost) // a server that was put back has forgotten that it had it
                .toList();
    }

    private @Nullable Happening happens(Plan plan, List<Happening> seen, boolean existed, List<Effect> effects) {
        Happening happening = store.shared.history().happened("node-" + number, plan, seen, existed, effects);
        schedule.note(() -> "node " + number + " does " + happening);
        return happening;
    }

    /** What the server shows of a document. */
    Optional<Value> show(DocumentId document) {
        return engine.space(SharedStore.SPACE.name())
                .collection(document.collection())
                .get(document.id());
    }
}
