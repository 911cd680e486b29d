package dev.watersmeet.store.processlogs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PollerTest {
    private static final SpaceId ANSWERING = SpaceId.of("answering");
    private static final long MINUTE = 60;

    @Test
    void spacesThatDoNotAnswerHoldUpNoOther() throws Exception {
        int stuck = Poller.LOOKS_AT_A_TIME - 1;
        CountDownLatch allStuck = new CountDownLatch(stuck);
        CountDownLatch answers = new CountDownLatch(1);
        CountDownLatch changes = new CountDownLatch(3);
        AtomicInteger version = new AtomicInteger();
        Poller poller = new Poller(
                "poller",
                1,
                space -> {
                    if (!space.equals(ANSWERING)) {
                        allStuck.countDown();
                        awaitMinute(answers);
                    }
                    return version.incrementAndGet();
                },
                space -> {
                    if (space.equals(ANSWERING)) {
                        changes.countDown();
                    }
                });
        try (poller) {
            for (int i = 0; i < stuck; i++) {
                poller.watch(SpaceId.of("stuck" + i));
            }
            assertThat(allStuck.await(MINUTE, TimeUnit.SECONDS)).isTrue();

            poller.watch(ANSWERING);

            assertThat(changes.await(MINUTE, TimeUnit.SECONDS)).isTrue();
            answers.countDown();
        }
    }

    @Test
    void aLookThatFailsIsRepeated() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch changed = new CountDownLatch(1);
        Poller poller = new Poller(
                "poller",
                1,
                space -> {
                    if (looks.incrementAndGet() < 3) {
                        throw new StoreException(StoreException.Kind.UNAVAILABLE, "no answer");
                    }
                    return "answer";
                },
                space -> changed.countDown());
        try (poller) {
            poller.watch(ANSWERING);

            assertThat(changed.await(MINUTE, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void awaitMinute(CountDownLatch latch) {
        try {
            assertThat(latch.await(MINUTE, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
