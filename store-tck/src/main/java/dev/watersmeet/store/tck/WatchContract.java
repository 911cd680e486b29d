package dev.watersmeet.store.tck;

import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.edit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.Subscription;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Watching: S-12. A call may be missing, so the tests write until one comes. */
@SuppressWarnings("try") // subscriptions are held, not used
abstract class WatchContract extends Contract {
    private static final int ATTEMPTS = 50;

    private static final int PATIENCE_SECONDS = 10;

    WatchContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    @DisplayName("S-12: a listener is called after a space has changed")
    void aListenerIsCalled() throws InterruptedException {
        Semaphore calls = new Semaphore(0);
        try (Subscription subscription = store.watch(SPACE, calls::release)) {
            assertThat(writeUntil(calls)).isTrue();
            calls.drainPermits();
            assertThat(writeUntil(calls)).as("called again").isTrue();
        }
    }

    @Test
    @DisplayName("S-12: each subscription of the same listener is its own")
    void subscriptionsAreTheirOwn() throws InterruptedException {
        Semaphore calls = new Semaphore(0);
        Subscription first = store.watch(SPACE, calls::release);
        try (Subscription second = store.watch(SPACE, calls::release)) {
            first.close();
            first.close();
            calls.drainPermits();

            assertThat(writeUntil(calls)).isTrue();
        }
    }

    @Test
    @DisplayName("S-12: a closed subscription falls silent")
    void aClosedSubscriptionFallsSilent() throws InterruptedException {
        AtomicInteger closedCalls = new AtomicInteger();
        Semaphore calls = new Semaphore(0);
        Subscription closed = store.watch(SPACE, closedCalls::incrementAndGet);
        try (Subscription open = store.watch(SPACE, calls::release)) {
            assertThat(writeUntil(calls)).isTrue();
            closed.close();
            assertThat(writeUntil(calls)).as("calls under way end").isTrue();
            int before = closedCalls.get();
            for (int i = 0; i < 5; i++) {
                calls.drainPermits();
                assertThat(writeUntil(calls)).isTrue();
            }

            assertThat(closedCalls).hasValue(before);
        }
    }

    @Test
    @DisplayName("S-12: a listener that is called reads what has changed")
    void aListenerReads() throws InterruptedException {
        Semaphore calls = new Semaphore(0);
        Copy reader = Copy.after(store, SPACE, store.head(SPACE), 100);
        try (Subscription subscription = store.watch(SPACE, calls::release)) {
            assertThat(writeUntil(calls)).isTrue();

            assertThat(reader.follow().documents()).isNotEmpty();
        }
    }

    @Test
    @DisplayName("S-12: a subscription is closed without waiting for its listener")
    void closingWaitsForNoListener() throws InterruptedException {
        Semaphore begun = new Semaphore(0);
        Semaphore ended = new Semaphore(0);
        CountDownLatch closed = new CountDownLatch(1);
        AtomicBoolean waited = new AtomicBoolean();
        Subscription subscription = store.watch(SPACE, () -> {
            begun.release();
            if (!waited.get() && !isOver(closed)) {
                waited.set(true);
            }
            ended.release();
        });
        Thread closing = new Thread(() -> {
            begun.acquireUninterruptibly();
            subscription.close();
            closed.countDown();
        });
        closing.setDaemon(true);
        closing.start();
        assertThat(writeUntil(ended)).isTrue();

        assertThat(waited).isFalse();
    }

    /** Whether what a latch stands for has happened, which is waited for longer than it can take. */
    private static boolean isOver(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean writeUntil(Semaphore calls) throws InterruptedException {
        for (int i = 0; i < ATTEMPTS; i++) {
            store.join(SPACE, batch(edit("watched", i)));
            if (calls.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }
}
