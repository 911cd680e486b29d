package dev.watersmeet.store.zookeeper;

import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/** Reads the heads of spaces, and commits what changes them. Thread-safe. */
final class Heads {
    private static final int MAX_ATTEMPTS = 200;
    private static final int MAX_PAUSE_MILLIS = 32;
    private static final int ANY_VERSION = -1;

    private final Ensemble ensemble;
    private final Paths paths;
    private final List<ACL> acl;
    private final int maxSpaces;
    private final RandomGenerator random;
    private final TimeSource time;

    Heads(Ensemble ensemble, Paths paths, ZooKeeperOptions options, RandomGenerator random, TimeSource time) {
        this.ensemble = ensemble;
        this.paths = paths;
        this.acl = options.aclForClient();
        this.maxSpaces = options.bounds().spaces();
        this.random = random;
        this.time = time;
    }

    /** A space's head as it is now. */
    Held refresh(Space space) {
        Held held = Held.of(ensemble.get(paths.head(space.id)));
        space.hold(held);
        return held;
    }

    /** The head of a space that is alive: begun, if it was not. */
    Held alive(Space space) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Held held = refresh(space);
            if (held.alive()) {
                return held;
            }
            erase(space, held);
            Optional<Held> begun = begin(space);
            if (begun.isPresent()) {
                return begun.get();
            }
            pause(attempt);
        }
        throw busy(space);
    }

    /** Begins a space; empty if somebody else has, or it is not known. */
    private Optional<Held> begin(Space space) {
        if (ensemble.countChildren(paths.heads()) >= maxSpaces) {
            throw new StoreException(
                    StoreException.Kind.TOO_LARGE,
                    "there are at most " + maxSpaces + " spaces in this store, and " + space.id + " would be one more");
        }
        Head head = Head.begin(draw(), draw(), now());
        long life = head.life();
        Commit commit = new Commit(acl);
        commit.create(paths.head(space.id), head.toBytes());
        byte[] nothing = new byte[0];
        commit.create(paths.life(life), nothing);
        commit.create(paths.log(life), nothing);
        commit.create(paths.metadata(life), nothing);
        commit.create(paths.documents(life), nothing);
        paths.documentShards(life).forEach(shard -> commit.create(shard, nothing));
        commit.create(paths.marks(life), nothing);
        paths.markShards(life).forEach(shard -> commit.create(shard, nothing));
        if (!ensemble.commit(commit.operations()).done()) {
            return Optional.empty();
        }
        Held begun = new Held(head, 0);
        space.hold(begun);
        return Optional.of(begun);
    }

    /** Operations on znodes of a space's life, to be committed. */
    Commit commit() {
        return new Commit(acl);
    }

    /**
     * Changes a space's head if it still is what was read, and does with it what else is to be done.
     *
     * @return the head that was written; empty if it was not, for somebody else was faster
     * @throws StoreException of kind {@code UNAVAILABLE} if it is not known
     */
    Optional<Held> commit(Space space, Held base, Head next, Commit commit) {
        long id = draw();
        Held written = new Held(next.withCommit(id), base.version() + 1);
        commit.set(paths.head(space.id), written.head().toBytes(), base.version());
        // The versions of a head that was made anew begin anew: it is of another life, then.
        commit.check(paths.life(base.life()));
        Ensemble.Outcome outcome = ensemble.commit(commit.operations());
        if (outcome.done()) {
            space.hold(written);
            return Optional.of(written);
        }
        if (outcome.sure()) {
            return Optional.empty();
        }
        Held now = refresh(space);
        if (now.head().commits().contains(id)) {
            return Optional.of(written);
        }
        // Nor will it be: what is still on its way expects a version that has passed.
        boolean allRemembered = now.version() >= base.version()
                && now.version() - base.version() < Head.MAX_COMMITS
                && (now.life() == base.life() || now.head().condemned() == base.life());
        if (allRemembered && now.version() > base.version()) {
            return Optional.empty();
        }
        throw new StoreException(
                StoreException.Kind.UNAVAILABLE,
                "the connection to ZooKeeper was lost, and it is not known what became of a write to " + space.id);
    }

    /** Ends a space's life, and erases what belonged to it. */
    void delete(Space space) {
        untilCommitted(space, () -> {
            Held held = refresh(space);
            if (held.alive()) {
                commit(space, held, held.head().ended(), commit());
                return Optional.empty(); // and looked at again
            }
            erase(space, held);
            return Optional.of(held);
        });
    }

    /** Erases what a life has left: whoever comes by goes on with it. */
    private void erase(Space space, Held ended) {
        long life = ended.head().condemned();
        if (life == 0) {
            return;
        }
        List<String> parents = new ArrayList<>(List.of(paths.log(life), paths.metadata(life)));
        parents.addAll(paths.documentShards(life));
        parents.addAll(paths.markShards(life));
        List<List<String>> children = ensemble.childrenOfAll(parents);
        List<String> leaves = new ArrayList<>();
        for (int i = 0; i < parents.size(); i++) {
            String parent = parents.get(i);
            children.get(i).forEach(child -> leaves.add(parent + "/" + child));
        }
        ensemble.deleteAll(leaves);
        ensemble.deleteAll(parents);
        ensemble.deleteAll(List.of(paths.documents(life), paths.marks(life)));
        Commit last = new Commit(acl);
        last.delete(
                paths.life(life), ANY_VERSION); // with the head: the version alone may be that of another life's by now
        last.delete(paths.head(space.id), ended.version());
        ensemble.commit(last.operations()); // if it is gone, or begun anew, that is as well
    }

    /** The names of spaces that are alive, in their order, after one; fewer than the limit if there are no more. */
    List<SpaceId> list(@Nullable SpaceId after, int limit, Function<SpaceId, Space> known) {
        List<SpaceId> names = ensemble.children(paths.heads()).stream()
                .map(SpaceId::of)
                .filter(name -> after == null || name.compareTo(after) > 0)
                .sorted()
                .toList();
        List<SpaceId> alive = new ArrayList<>();
        for (int from = 0; from < names.size() && alive.size() < limit; ) {
            int to = Math.min(names.size(), from + limit - alive.size());
            List<SpaceId> some = names.subList(from, to);
            List<@Nullable Node> nodes =
                    ensemble.getAll(some.stream().map(paths::head).toList());
            for (int i = 0; i < some.size(); i++) {
                Held held = Held.of(nodes.get(i));
                if (held.alive()) {
                    alive.add(some.get(i));
                } else {
                    erase(known.apply(some.get(i)), held);
                }
            }
            from = to;
        }
        return alive;
    }

    long now() {
        return time.millis();
    }

    /** A random number other than 0. */
    long draw() {
        long number = random.nextLong();
        return number == 0 ? draw() : number;
    }

    /** Waits a little before another attempt, so that several servers do not go on getting in each other's way. */
    void pause(int attempt) {
        if (attempt == 0) {
            return;
        }
        try {
            Thread.sleep(random.nextInt(Math.min(1 << Math.min(attempt, 16), MAX_PAUSE_MILLIS)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "interrupted while another server was faster", e);
        }
    }

    /** Does something until no other server was faster. */
    <T> T untilCommitted(Space space, Attempt<T> attempt) {
        space.committing.lock();
        try {
            for (int i = 0; i < MAX_ATTEMPTS; i++) {
                Optional<T> result = attempt.tryOnce();
                if (result.isPresent()) {
                    return result.get();
                }
                pause(i);
            }
        } finally {
            space.committing.unlock();
        }
        throw busy(space);
    }

    /** Something that is empty if another server was faster. */
    @FunctionalInterface
    interface Attempt<T> {
        Optional<T> tryOnce();
    }

    private static StoreException busy(Space space) {
        return new StoreException(
                StoreException.Kind.UNAVAILABLE,
                "other servers have written to " + space.id + " faster, " + MAX_ATTEMPTS + " times");
    }
}
