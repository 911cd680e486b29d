package dev.watersmeet.store.tck;

import static dev.watersmeet.store.Capability.DURABLE;
import static dev.watersmeet.store.Capability.PURGE;
import static dev.watersmeet.store.StoreException.Kind.CLOSED;
import static dev.watersmeet.store.tck.Samples.REPLICA;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Maintenance;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.StoreException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Closing: S-13. */
abstract class CloseContract extends Contract {
    CloseContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    @DisplayName("S-13: closing twice does nothing")
    void closingTwiceDoesNothing() {
        store.join(SPACE, batch(edit("one", 1)));

        boolean durable = has(DURABLE);

        store.close();
        store.close();

        if (durable) {
            store = fixture.open();
            assertThat(store.read(SPACE, List.of(document("one")))).hasSize(1);
        }
    }

    @Test
    @DisplayName("S-13: later calls are refused")
    void laterCallsAreRefused() {
        Cursor head = store.join(SPACE, batch(edit("one", 1)));
        Metadata metadata = store.metadata(SPACE);
        Maintenance maintenance = store.maintenance();
        boolean purges = has(PURGE);

        store.close();

        assertRefused(CLOSED, "join", () -> store.join(SPACE, batch(edit("one", 2))));
        assertRefused(CLOSED, "read", () -> store.read(SPACE, List.of(document("one"))));
        assertRefused(CLOSED, "mark", () -> store.mark(SPACE, REPLICA));
        assertRefused(CLOSED, "changes", () -> store.changes(SPACE, head, 10));
        assertRefused(CLOSED, "check", () -> store.check(SPACE, head));
        assertRefused(CLOSED, "head", () -> store.head(SPACE));
        assertRefused(CLOSED, "scan", () -> store.scan(SPACE, null, 10));
        assertRefused(CLOSED, "count", () -> store.count(SPACE));
        assertRefused(CLOSED, "watch", () -> store.watch(SPACE, () -> {}));
        assertRefused(CLOSED, "get", () -> metadata.get("key"));
        assertRefused(CLOSED, "compareAndSet", () -> metadata.compareAndSet("key", null, "value"));
        assertRefused(CLOSED, "spaces", () -> maintenance.spaces(null, 10));
        assertRefused(CLOSED, "deleteSpace", () -> maintenance.deleteSpace(SPACE));
        assertRefused(CLOSED, "renewEpoch", () -> maintenance.renewEpoch(SPACE));
        if (purges) {
            assertRefused(CLOSED, "purge", () -> maintenance.purge(SPACE, Instant.EPOCH));
        }
    }

    @Test
    @DisplayName("S-13: closing calls the listeners, so that who waits finds out")
    void closingCallsListeners() throws InterruptedException {
        Semaphore calls = new Semaphore(0);
        store.watch(SPACE, calls::release);
        store.join(SPACE, batch(edit("one", 1)));
        calls.tryAcquire(100, TimeUnit.MILLISECONDS);
        calls.drainPermits();

        store.close();

        assertThat(calls.tryAcquire(5, TimeUnit.SECONDS)).as("called").isTrue();
    }

    @Test
    @DisplayName("S-13: calls that closing overtakes are done or refused; what was acknowledged stays")
    void closingWhileWriting() throws Exception {
        boolean durable = has(DURABLE);
        Queue<DocumentId> acknowledged = new ConcurrentLinkedQueue<>();
        CountDownLatch started = new CountDownLatch(20);

        Threads.run(5, writer -> {
            if (writer == 4) {
                started.await();
                store.close();
                return;
            }
            try {
                for (int i = 0; true; i++) {
                    DocumentCells delta = edit(writer + "-" + i, i);
                    store.join(SPACE, batch(delta));
                    acknowledged.add(delta.id());
                    started.countDown();
                    store.read(SPACE, List.of(delta.id()));
                }
            } catch (StoreException e) {
                assertThat(e.kind()).isEqualTo(CLOSED);
            }
        });

        if (durable) {
            store = fixture.open();
            Set<DocumentId> missed = new HashSet<>(acknowledged);
            missed.removeAll(Copy.scanned(store, SPACE, 1000).documents().keySet());
            assertThat(missed).isEmpty();
        }
    }
}
