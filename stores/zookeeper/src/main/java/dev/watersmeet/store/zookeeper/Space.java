package dev.watersmeet.store.zookeeper;

import dev.watersmeet.store.SpaceId;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What this process knows of a space. Forgetting it costs a look. Thread-safe. */
final class Space {
    final SpaceId id;

    /** Held while one commits, so that those of one process do not get in each other's way. */
    final ReentrantLock committing = new ReentrantLock();

    /** Batches that are to be joined. */
    final Queue<Joining.Request> waiting = new ConcurrentLinkedQueue<>();

    /** Whether a thread joins them for all. */
    final AtomicBoolean leading = new AtomicBoolean();

    /** Whether all documents of the last group were new. */
    volatile boolean importing;

    private volatile @Nullable Held recent;

    Space(SpaceId id) {
        this.id = id;
    }

    /** The head as it was read or written last, if the space was alive: what is committed on its strength is committed only if it still is so. */
    @Nullable
    Held recent() {
        return recent;
    }

    void hold(Held held) {
        recent = held.alive() ? held : null;
    }
}
