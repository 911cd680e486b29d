package dev.watersmeet.store.zookeeper;

import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Joins batches. Those that come while others are committed are committed together, by one of their threads, as one entry of the log. Thread-safe. */
final class Joining {
    /** The log has what a document has once more, in the same request: together with the largest mark and the names of as many documents as there are cells it has room in one. */
    static final Limits LIMITS = new Limits(384 << 10, 400 << 10, 400 << 10, 2_500, 24 << 10);

    private static final int MAX_GROUP = 100;

    private final Ensemble ensemble;
    private final Paths paths;
    private final Heads heads;
    private final Bounds bounds;
    private final Trim trim;

    Joining(Ensemble ensemble, Paths paths, Heads heads, Bounds bounds, Trim trim) {
        this.ensemble = ensemble;
        this.paths = paths;
        this.heads = heads;
        this.bounds = bounds;
        this.trim = trim;
    }

    /** A batch on its way. */
    static final class Request {
        private final Prepared batch;
        private final long bytes;
        private final Semaphore calls = new Semaphore(0);
        private volatile @Nullable Cursor cursor;
        private volatile @Nullable RuntimeException failure;

        Request(Batch batch) {
            this.batch = Prepared.of(batch);
            this.bytes = this.batch.bytes();
        }

        /** Says what became of it. */
        private void decide(@Nullable Cursor joined, @Nullable RuntimeException refused) {
            cursor = joined;
            failure = refused;
            calls.release();
        }

        private boolean decided() {
            return cursor != null || failure != null;
        }
    }

    Cursor join(Space space, Batch batch) {
        Request own = new Request(batch);
        space.waiting.add(own);
        while (!own.decided()) {
            if (space.leading.compareAndSet(false, true)) {
                lead(space, own);
            } else {
                own.calls.acquireUninterruptibly(); // until it is decided, or there is nobody to lead
            }
        }
        @Nullable Cursor cursor = own.cursor;
        if (cursor == null) {
            throw Objects.requireNonNull(own.failure);
        }
        return cursor;
    }

    /** Joins groups until a request is decided, and calls somebody else to go on. */
    private void lead(Space space, Request own) {
        try {
            while (!own.decided()) {
                joinNext(space);
            }
        } finally {
            space.leading.set(false);
            @Nullable Request next = space.waiting.peek();
            if (next != null) {
                next.calls.release();
            }
        }
    }

    private void joinNext(Space space) {
        List<Request> group = nextGroup(space);
        space.committing.lock();
        try {
            join(space, group);
        } catch (RuntimeException e) {
            fail(group, e);
        } catch (Error e) {
            fail(group, new StoreException(StoreException.Kind.UNAVAILABLE, "this server has failed: " + e, e));
            throw e;
        } finally {
            space.committing.unlock();
        }
    }

    private static void fail(List<Request> group, RuntimeException failure) {
        group.stream().filter(request -> !request.decided()).forEach(request -> request.decide(null, failure));
    }

    private static List<Request> nextGroup(Space space) {
        List<Request> group = new ArrayList<>();
        long bytes = 0;
        for (Request next = space.waiting.peek(); next != null; next = space.waiting.peek()) {
            bytes += next.bytes;
            if (!group.isEmpty() && (bytes > Ensemble.MAX_REQUEST_BYTES || group.size() == MAX_GROUP)) {
                break;
            }
            group.add(next);
            space.waiting.remove();
        }
        return group;
    }

    private void join(Space space, List<Request> group) {
        @Nullable Held recent = space.recent();
        if (recent == null || !tryJoin(space, group, recent, false)) {
            heads.untilCommitted(
                    space,
                    () -> tryJoin(space, group, heads.alive(space), true) ? Optional.of(true) : Optional.empty());
        }
    }

    /**
     * Joins a group on the strength of a head.
     *
     * @param fresh whether the head was read just now: then what is refused because of it is refused. If not, and all documents of the last group were new, these are taken for new as well, and not read; ZooKeeper makes none that is
     *     there
     * @return whether all are decided
     */
    private boolean tryJoin(Space space, List<Request> group, Held base, boolean fresh) {
        Draft draft = Draft.read(
                ensemble,
                paths,
                base.head(),
                bounds,
                group.stream().map(request -> request.batch).toList(),
                !fresh && space.importing);
        List<Request> taken = new ArrayList<>();
        // Told so only when the others are committed: what they stumbled over may be one of these.
        Map<Request, StoreException> refused = new LinkedHashMap<>();
        for (Request request : group) {
            try {
                draft.take(request.batch);
                taken.add(request);
            } catch (StoreException e) {
                if (!fresh) {
                    return false;
                }
                refused.put(request, e);
            }
        }
        if (draft.isEmpty()) {
            refuse(refused);
            return true;
        }
        Commit commit = heads.commit();
        Head next = draft.write(commit, paths, heads.now());
        if (commit.bytes() > Ensemble.MAX_REQUEST_BYTES) {
            divide(space, group, commit.bytes());
            return true;
        }
        Optional<Held> committed = heads.commit(space, base, next, commit);
        space.importing = committed.isPresent() && draft.allBegin();
        committed.ifPresent(held -> {
            Cursor cursor = held.head().cursor();
            taken.forEach(request -> request.decide(cursor, null));
            refuse(refused);
            trim.keepWithin(space, held); // nobody else waits for that
        });
        return committed.isPresent();
    }

    private static void refuse(Map<Request, StoreException> refused) {
        refused.forEach((request, why) -> request.decide(null, why));
    }

    /** Joins a group that is too large for one request as two; of one batch nothing can be left out, and it is refused. */
    private void divide(Space space, List<Request> group, long bytes) {
        if (group.size() == 1) {
            refuse(Map.of(
                    group.get(0),
                    new StoreException(
                            StoreException.Kind.TOO_LARGE,
                            "the documents of the batch are written as a whole, which takes " + bytes
                                    + " bytes at once; this store takes " + Ensemble.MAX_REQUEST_BYTES
                                    + ": send fewer documents at once")));
            return;
        }
        join(space, group.subList(0, group.size() / 2));
        join(space, group.subList(group.size() / 2, group.size()));
    }
}
