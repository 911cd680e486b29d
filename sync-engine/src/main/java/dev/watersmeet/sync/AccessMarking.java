package dev.watersmeet.sync;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that every document of a space has the {@linkplain AccessMarks marks} that a policy gives its record. Thread-safe.
 *
 * <p>Marks are written with the edit that calls for them. Edits of one document are judged one after the other on this node; another node may come between reading and joining, so whoever has joined reads again and mends.
 * Should a node die in between, the marks are mended by whoever next sees them together with the record.
 */
final class AccessMarking {
    private static final Logger log = LoggerFactory.getLogger(AccessMarking.class);
    /** Each needs a purge that drops something within the moment between reading and writing. */
    private static final int MAX_ATTEMPTS = 10;

    /** Each needs another edit of a document with wrong marks within the moment between reading and mending, or a policy that changes its mind. */
    static final int MAX_MENDS = 3;

    /** How many scans a request makes that finds that a space is to be marked, before it leaves that to the background. */
    static final int SCANS_AT_ONCE = 20;

    private static final int MENDED_AT_ONCE = 200;

    /** Marks what takes long. Its threads end when there is nothing to mark. */
    private static final ThreadPoolExecutor BACKGROUND = background();

    private final Store store;
    private final SpaceId space;
    private final PolicyReaders readers;
    private final ServerReplica replica;
    private final ServerClock clock;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private volatile @Nullable String marked;

    private static ThreadPoolExecutor background() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(2, 2, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "watersmeet-marking");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    AccessMarking(Store store, PolicyReaders readers, ServerReplica replica, ServerClock clock) {
        this.store = store;
        this.space = readers.space();
        this.readers = readers;
        this.replica = replica;
        this.clock = clock;
    }

    /** Runs an action while no other on this node writes to the documents. */
    <T> T locked(Collection<DocumentId> ids, Supplier<T> action) {
        return replica.documents().allLocked(ids, action);
    }

    /** The marks that are missing or wrong. Where the policy fails, nobody may read. */
    DocumentState corrections(DocumentPolicy policy, DocumentId id, DocumentState state) {
        return corrections(state, readers.of(policy, id, state).orElse(Set.of()));
    }

    /** The marks that are missing or wrong for those who may read. */
    DocumentState corrections(DocumentState state, Set<String> audiences) {
        return AccessMarks.corrections(state, audiences, () -> tick(state));
    }

    /** A stamp above all of a document. */
    Stamp tick(DocumentState state) {
        clock.observe(state);
        return replica.tick();
    }

    /**
     * Mends the marks of documents, unless another version of the policy holds in this space: then somebody else does. What was judged before is to be judged anew: who was shown nothing of a document whose marks turn out to be right by now would
     * never be told what they missed.
     *
     * @return whether that was to do, and was done
     */
    boolean mend(DocumentPolicy policy, Collection<DocumentId> ids) {
        if (ids.isEmpty()) {
            return false;
        }
        Optional<String> holding = version();
        if (holding.isEmpty()) {
            marked = null; // the space was deleted, or put back to before it had a policy: the next request marks it
        } else if (holding.get().equals(View.version(policy))) {
            locked(ids, () -> {
                mendLocked(policy, ids);
                return ids;
            });
            return true;
        }
        return false;
    }

    /** Mends the marks of documents, which are locked. */
    void mendLocked(DocumentPolicy policy, Collection<DocumentId> ids) {
        Set<DocumentId> full = new HashSet<>();
        for (int attempt = 1; ; attempt++) {
            Cursor basis = store.head(space);
            List<DocumentCells> mended = new ArrayList<>();
            store.read(space, ids).forEach((id, state) -> {
                DocumentState corrections = corrections(policy, id, state);
                if (!corrections.isEmpty() && !full.contains(id)) {
                    mended.add(new DocumentCells(id, corrections));
                }
            });
            if (mended.isEmpty()) {
                return;
            }
            try {
                Batches.of(mended, store.capabilities().limits())
                        .forEach(batch ->
                                store.join(space, batch.basedOn(basis))); // so that no mark outlives its document
                return;
            } catch (StoreException e) {
                if (full.addAll(e.documents())) {
                    log.error("no room for the marks of {}, which who lacks one of them cannot read", e.documents(), e);
                    continue;
                }
                if (attempt == MAX_ATTEMPTS || e.kind() != StoreException.Kind.CURSOR_EXPIRED) {
                    throw e;
                }
            }
        }
    }

    /** The version of the policy by which all documents are marked; empty if there is none, or they are being marked by another. */
    private Optional<String> version() {
        return MarkingProgress.recorded(store.metadata(space))
                .filter(MarkingProgress::done)
                .map(MarkingProgress::version);
    }

    /**
     * Sees to it that all documents are marked by a version of the policy. A small space is marked at once; else that goes on in the background.
     *
     * @throws ProblemException {@code store-unavailable} until that is done: it takes as long as reading the whole space
     */
    void ensureMarked(DocumentPolicy policy) {
        String version = View.version(policy);
        if (version.equals(marked)) {
            return;
        }
        if (!underWay.compareAndSet(false, true)) {
            throw notYet();
        }
        boolean goesOn = false;
        try {
            if (!version().equals(Optional.of(version))) {
                MarkingRun run = MarkingRun.begin(store, space, version, scanned -> mark(policy, scanned));
                goesOn = !run.steps(SCANS_AT_ONCE);
                if (goesOn) {
                    BACKGROUND.execute(() -> finish(run, version));
                    throw notYet();
                }
            }
            marked = version;
        } finally {
            if (!goesOn) {
                underWay.set(false);
            }
        }
    }

    private void finish(MarkingRun run, String version) {
        try {
            run.steps(Integer.MAX_VALUE);
            marked = version;
        } catch (RuntimeException e) {
            log.warn("marking who may read the documents of {} broke off, and goes on with the next request", space, e);
        } finally {
            underWay.set(false);
        }
    }

    private ProblemException notYet() {
        return new ProblemException(Problem.of(
                ProblemCode.STORE_UNAVAILABLE, "who may read the documents of " + space + " is being worked out anew"));
    }

    private void mark(DocumentPolicy policy, List<DocumentCells> scanned) {
        List<DocumentId> wrong = scanned.stream()
                .filter(document -> !readers.of(policy, document).agreed())
                .map(DocumentCells::id)
                .toList();
        for (int from = 0; from < wrong.size(); from += MENDED_AT_ONCE) {
            List<DocumentId> some = wrong.subList(from, Math.min(wrong.size(), from + MENDED_AT_ONCE));
            locked(some, () -> {
                mendLocked(policy, some);
                return some;
            });
        }
    }
}
