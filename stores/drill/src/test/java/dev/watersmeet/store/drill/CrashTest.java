package dev.watersmeet.store.drill;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.SpaceKey;
import dev.watersmeet.store.processlogs.Versioned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Processes that die at each step that they take with files, or have died. */
class CrashTest extends FolderTest {
    /** Dies before a step, and takes no other. */
    private static final class Dying implements Disk.Steps {
        private int left;

        Dying(int steps) {
            left = steps;
        }

        @Override
        public void before(String step) throws IOException {
            if (left-- <= 0) {
                throw new IOException("the process has died before: " + step);
            }
        }

        boolean alive() {
            return left >= 0;
        }
    }

    /** Something that a process does. */
    @FunctionalInterface
    private interface Work {
        void on(FolderBackend backend);
    }

    /** What has to hold after a process died at some step, and when it did not. */
    @FunctionalInterface
    private interface Check {
        void after(FolderBackend other, boolean finished, int step);
    }

    private static void dyingAtEachStep(Path folder, Work work, Check check) {
        boolean finished = false;
        for (int steps = 0; !finished; steps++) {
            Dying dying = new Dying(steps);
            FolderBackend backend = new FolderBackend(folder, new Disk(dying), ROOM);
            try {
                work.on(backend);
            } catch (StoreException e) {
                assertThat(e.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE);
            }
            finished = dying.alive();
            check.after(new FolderBackend(folder, Disk.real(), ROOM), finished, steps);
            backend.close();
        }
    }

    @Test
    void entriesOfALogAreThereInOrderOrNotAtAll() {
        dyingAtEachStep(
                folder,
                backend -> backend.append(SPACE, LOG + stepOf(folder), 1, List.of(new byte[] {1}, new byte[] {2, 2})),
                (other, finished, step) -> {
                    List<byte[]> entries = other.entries(SPACE, LOG + stepOf(folder), 0, 10);
                    assertThat(entries.isEmpty() || entries.size() == 2).isTrue();
                    assertThat(finished).isIn(entries.size() == 2, false);
                    next(folder);
                });
    }

    private static long stepOf(Path folder) {
        return Failures.translating(() -> Disk.names(folder)).stream()
                .filter(name -> name.startsWith("step"))
                .count();
    }

    private static void next(Path folder) {
        long step = stepOf(folder);
        Failures.translating(() -> {
            Files.createFile(folder.resolve("step" + step));
        });
    }

    @Test
    void aRecordHasWhatItHadOrWhatItWasToHave() {
        dyingAtEachStep(
                folder,
                backend -> {
                    Versioned before = backend.record(MARK, false);
                    backend.compareAndSet(MARK, before, Versioned.of(Change.random(), new byte[] {9}));
                },
                (other, finished, step) -> {
                    Versioned held = other.record(MARK, true);
                    assertThat(held == null || held.bytes()[0] == 9).isTrue();
                    assertThat(finished && held == null).isFalse();
                });
    }

    @Test
    void ofCellsAllOfABatchAreThereOrNone() {
        long[] time = {1};
        dyingAtEachStep(
                folder,
                backend -> backend.join(SPACE, 1, List.of(cells("a", time[0]), cells("b", time[0]))),
                (other, finished, step) -> {
                    Map<DocumentId, Map<dev.watersmeet.crdt.Path, Cell>> all = all(other);
                    assertThat(all.size()).isIn(0, 2);
                    if (finished) {
                        assertThat(all.get(DocumentId.of("todos", "a")))
                                .isEqualTo(cells("a", time[0]).cells().cells());
                    }
                    time[0]++;
                });
    }

    @Test
    void aBaseIsMadeOrNotAndNothingIsLost() {
        FolderBackend writer = real();
        writer.join(SPACE, 1, List.of(cells("a", 1), cells("gone", 1)));
        writer.drop(SPACE, 1, List.of(DocumentId.of("todos", "gone")));
        writer.raiseTip(SPACE, 1, LOG, 5);
        Map<DocumentId, Map<dev.watersmeet.crdt.Path, Cell>> before = all(writer);
        for (int round = 0; round < 3; round++) { // the third deletes what the second has covered
            dyingAtEachStep(folder, backend -> backend.compact(SPACE), (other, finished, step) -> {
                assertThat(all(other)).as("after step %d", step).isEqualTo(before);
                assertThat(other.tips(SPACE, 1)).isEqualTo(Map.of(LOG, 5L));
                other.join(SPACE, 1, List.of(cells("gone", 1))); // late
                assertThat(all(writer)).isEqualTo(before);
            });
        }
    }

    @Test
    void whoWritesWhileOthersMakeBasesLosesNothing() {
        FolderBackend writer = real();
        FolderBackend other = real();
        for (int time = 1; time <= 30; time++) {
            writer.join(SPACE, 1, List.of(cells("a", time), cells("n" + time, time)));
            if (time % 3 == 0) {
                assertThat(other.compact(SPACE)).isTrue();
            }
            assertThat(all(other)).hasSize(time + 1).isEqualTo(all(writer));
        }
        assertThat(all(real())).isEqualTo(all(writer));
        other.close();
        writer.close();
    }

    @Test
    void whatIsWrittenWhileABaseIsMadeIsInItOrInAJournal() {
        FolderBackend writer = real();
        writer.join(SPACE, 1, List.of(cells("a", 1), cells("b", 1), cells("c", 1)));
        FolderBackend other = new FolderBackend(
                folder,
                new Disk(step -> {
                    if (step.equals("link")) { // the base is written, and not yet published
                        writer.join(SPACE, 1, List.of(cells("a", 2), cells("d", 2)));
                        writer.drop(SPACE, 1, List.of(DocumentId.of("todos", "b")));
                        writer.trim(SPACE, 1, List.of());
                        writer.join(SPACE, 2, List.of(cells("e", 3)));
                    }
                }),
                ROOM);
        assertThat(other.compact(SPACE)).isTrue();
        assertThat(all(real())).hasSize(4).doesNotContainKey(DocumentId.of("todos", "b"));
        assertThat(all(real())).isEqualTo(all(writer)).isEqualTo(all(other));
    }

    @Test
    void whatProcessesThatHaveDiedHaveLeftIsDeleted() throws IOException, InterruptedException {
        FolderBackend backend = real();
        backend.join(SPACE, 1, List.of(cells("a", 1)));
        backend.raiseTip(SPACE, 1, LOG, 1);
        Path cells = requireNonNull(only(".journal").getParent());
        Path old = Files.writeString(cells.resolve("_" + UUID.randomUUID()), "half a base");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path young = Files.writeString(cells.resolve("_" + UUID.randomUUID()), "half a base of somebody who is alive");
        SpaceKey erased = new SpaceKey(SPACE.space(), 8);
        backend.enlist(erased);
        backend.join(erased, 1, List.of(cells("gone", 1)));
        Path life =
                requireNonNull(requireNonNull(cells.getParent()).getParent()).resolve(Names.of(8));
        Files.createFile(life.resolveSibling(Names.of(8) + SpacePaths.ERASED)); // and not more of erasing it
        backend.deleteLeftovers();
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while ((Files.exists(old) || Files.exists(life)) && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(life).doesNotExist();
        assertThat(all(real())).hasSize(1);
    }

    @Test
    void aSpaceThatHasNoRoomIsNotWrittenTo() {
        FolderBackend small = new FolderBackend(folder, Disk.real(), 500);
        small.join(SPACE, 1, List.of(cells("a", 1), cells("b", 1), cells("c", 1), cells("d", 1), cells("e", 1)));
        assertThatThrownBy(() -> small.append(SPACE, LOG, 1, List.of(new byte[100])))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("keeps at most 500 bytes in memory");
        assertThat(all(small)).hasSize(5);
    }
}
