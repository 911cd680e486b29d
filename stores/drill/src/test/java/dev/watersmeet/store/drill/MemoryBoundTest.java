package dev.watersmeet.store.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much of the spaces is in memory. */
class MemoryBoundTest extends FolderTest {
    private static final int SPACES = 10;

    private static SpaceKey space(int number) {
        return new SpaceKey(SpaceId.of("space-" + number), 7);
    }

    private void write() {
        try (FolderBackend backend = real()) {
            for (int number = 0; number < SPACES; number++) {
                backend.enlist(space(number));
                backend.join(space(number), 1, List.of(cells("a", 1), cells("b", 1)));
                backend.raiseTip(space(number), 1, LOG, 1);
            }
        }
    }

    private static long loaded(Spaces spaces) {
        return IntStream.range(0, SPACES)
                .filter(number -> !spaces.loaded(space(number).space()).isEmpty())
                .count();
    }

    @Test
    void spacesThatAreReadOnceTakeNoMoreThanTheBound() {
        write();
        try (FolderBackend small = new FolderBackend(folder, Disk.real(), 500)) {
            for (int number = 0; number < SPACES; number++) {
                assertThat(small.tips(space(number), 1)).hasSize(1);
            }
            assertThat(loaded(small.spaces())).isEqualTo(3); // of 162 bytes each
            assertThat(small.count(space(0))).isEqualTo(2);
        }
    }

    @Test
    void entriesOfLogsCountAmongTheBytesOfASpace() {
        try (FolderBackend small = new FolderBackend(folder, Disk.real(), 500)) {
            for (int entry = 1; entry <= 10; entry++) {
                small.append(SPACE, LOG, entry, List.of(new byte[] {1}));
            }
            assertThatThrownBy(() -> {
                        for (int entry = 11; entry <= 30; entry++) {
                            small.append(SPACE, LOG, entry, List.of(new byte[] {1}));
                        }
                    })
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("keeps at most 500 bytes in memory");
            small.trim(SPACE, 1, List.of(LOG));
            small.append(SPACE, LOG + 1, 1, List.of(new byte[] {1}));
        }
    }

    @Test
    void whatWasDroppedCountsUntilItsGenerationIsOver() {
        try (FolderBackend small = new FolderBackend(folder, Disk.real(), 2000)) {
            SpaceFolder life = small.spaces().get(SPACE);
            small.join(SPACE, 1, List.of(cells("a", 1)));
            for (int number = 0; number < 10; number++) {
                small.drop(SPACE, 1, List.of(DocumentId.of("notes", "gone-" + number)));
            }
            assertThat(life.bytes()).isGreaterThan(700);
            for (int number = 10; number < 30; number++) {
                small.drop(SPACE, 1, List.of(DocumentId.of("notes", "gone-" + number)));
            }
            assertThatThrownBy(() -> small.append(SPACE, LOG, 1, List.of(new byte[] {1})))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("keeps at most 2000 bytes in memory");
            small.trim(SPACE, 1, List.of(LOG));
            assertThat(small.compact(SPACE)).isTrue();
            assertThat(life.bytes()).isLessThan(200);
            small.join(SPACE, 2, List.of(cells("a", 3)));
            small.join(SPACE, 1, List.of(cells("gone-1", 1)));
            assertThat(small.count(SPACE)).as("what comes too late").isEqualTo(1);
        }
    }

    @Test
    @Timeout(60)
    void othersGoOnWhileASpaceIsPutOnTheDiskToBeForgotten() throws Exception {
        write();
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Disk slow = new Disk(step -> {
            if (step.equals("sync") && Thread.currentThread().getName().equals("slow")) {
                waits.countDown();
                await(done);
            }
        });
        try (FolderBackend small = new FolderBackend(folder, slow, 800)) {
            for (int number = 0; number < 3; number++) {
                assertThat(small.count(space(number))).isEqualTo(2);
                small.join(space(number), 1, List.of(cells("c", 1)));
            }
            Thread writer = new Thread(() -> small.count(space(3)), "slow");
            writer.start();
            await(waits);
            assertThat(small.count(space(2))).isEqualTo(3);
            assertThat(loaded(small.spaces())).isEqualTo(4); // the one that leaves as well
            done.countDown();
            writer.join();
            assertThat(loaded(small.spaces())).isEqualTo(3);
            assertThat(small.count(space(0))).isEqualTo(3);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
