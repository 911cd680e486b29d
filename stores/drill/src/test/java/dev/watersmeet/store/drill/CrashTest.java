package dev.watersmeet.store.drill;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.RecordKey;
import dev.watersmeet.store.processlogs.SpaceKey;
import dev.watersmeet.store.processlogs.Versioned;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes that die at each step that they take with files, and files whose ends are torn. */
class CrashTest {
    private static final SpaceKey SPACE = new SpaceKey(SpaceId.of("space"), 7);
    private static final RecordKey MARK = new RecordKey(SPACE.space(), 7, RecordKey.Kind.MARK, "replica");
    private static final long LOG = 3;
    private static final long ROOM = 1 << 20;

    @TempDir
    private Path folder;

    @BeforeEach
    void enlist() {
        real().enlist(SPACE);
    }

    private FolderBackend real() {
        return new FolderBackend(folder, Disk.real(), ROOM);
    }

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

    private static DocumentCells cells(String id, long time) {
        Stamp stamp = new Stamp(time, new ReplicaId(1));
        return new DocumentCells(
                DocumentId.of("todos", id),
                DocumentState.of(
                        Map.of(dev.watersmeet.crdt.Path.register("title"), Cell.live(stamp, Value.of(id + time)))));
    }

    private static Map<DocumentId, Map<dev.watersmeet.crdt.Path, Cell>> all(FolderBackend backend) {
        return backend.scan(SPACE, null, 1000).documents().stream()
                .collect(Collectors.toMap(
                        layered -> layered.document().id(),
                        layered -> Map.copyOf(layered.document().cells().cells())));
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

    /** Something that tells others, or them through the disk, that there are cells. */
    static Stream<Named<Consumer<FolderBackend>>> waysOfTelling() {
        return Stream.of(
                Named.of("read", backend -> backend.read(SPACE, List.of(DocumentId.of("todos", "a")))),
                Named.of("scan", backend -> backend.scan(SPACE, null, 10)),
                Named.of("tips", backend -> backend.tips(SPACE, 1)),
                Named.of("raiseTip", backend -> backend.raiseTip(SPACE, 1, LOG, 1)),
                Named.of("drop", backend -> backend.drop(SPACE, 1, List.of(DocumentId.of("todos", "b")))),
                Named.of("annul", backend -> backend.annul(SPACE, LOG, 2)),
                Named.of("putPage", backend -> backend.putPage(SPACE, 1, 0, 0, new byte[1])),
                Named.of("trim", backend -> backend.trim(SPACE, 1, List.of(LOG))),
                Named.of("compareAndSet", backend -> backend.compareAndSet(MARK, null, Versioned.of(1, new byte[1]))),
                Named.of("compact", backend -> backend.compact(SPACE)));
    }

    @ParameterizedTest
    @MethodSource("waysOfTelling")
    void cellsAreOnTheDiskBeforeAnythingTellsOfThem(Consumer<FolderBackend> telling) {
        List<String> steps = new ArrayList<>();
        FolderBackend backend = new FolderBackend(folder, new Disk(steps::add), ROOM);
        backend.append(SPACE, LOG, 1, List.of(new byte[] {1}));
        steps.clear();
        backend.join(SPACE, 1, List.of(cells("a", 1)));
        assertThat(steps).as("waits for nothing").contains("append").doesNotContain("sync");
        steps.clear();
        telling.accept(backend);
        steps.removeAll(List.of("append", "folder")); // behind the cells in their file, or empty
        assertThat(steps.get(0)).isEqualTo("sync");
        steps.clear();
        backend.read(SPACE, List.of());
        assertThat(steps).as("once").isEmpty();
    }

    @Test
    void whereTheDiskFailsNothingIsToldThatItMayNotHave() throws IOException {
        boolean[] failing = new boolean[1];
        FolderBackend backend = new FolderBackend(
                folder,
                new Disk(step -> {
                    if (failing[0] && step.equals("sync")) {
                        throw new IOException("the disk fails");
                    }
                }),
                ROOM);
        backend.join(SPACE, 1, List.of(cells("a", 1)));
        backend.raiseTip(SPACE, 1, LOG, 1);
        long whole = Files.size(only(".journal"));
        backend.join(SPACE, 1, List.of(cells("b", 1)));
        failing[0] = true;
        assertUnavailable(() -> all(backend));
        truncate(only(".journal"), whole);
        assertUnavailable(() -> backend.raiseTip(SPACE, 1, LOG, 2));
        failing[0] = false;
        assertThat(all(backend)).isEqualTo(all(real())).hasSize(1);
        backend.join(SPACE, 1, List.of(cells("b", 2)));
        backend.raiseTip(SPACE, 1, LOG, 2);
        assertThat(all(real())).hasSize(2);
        assertThat(real().tips(SPACE, 1)).isEqualTo(Map.of(LOG, 2L));
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
        Files.createFile(life.resolveSibling(Names.of(8) + FolderBackend.ERASED)); // and not more of erasing it
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

    private static void assertUnavailable(Runnable use) {
        assertThatThrownBy(use::run)
                .isInstanceOf(StoreException.class)
                .extracting(e -> ((StoreException) e).kind())
                .isEqualTo(StoreException.Kind.UNAVAILABLE);
    }

    @Test
    void whatIsLargeTogetherIsWrittenInParts() {
        List<Integer> megabytes = List.of(70, 30, 30, 10, 60);
        assertThat(Frame.fill(megabytes, 0, size -> size << 20)).isEqualTo(1);
        assertThat(Frame.fill(megabytes, 1, size -> size << 20)).isEqualTo(3);
        assertThat(Frame.fill(megabytes, 3, size -> size << 20)).isEqualTo(4);
        assertThat(Frame.fill(megabytes, 4, size -> size << 20)).isEqualTo(5);
    }

    @Test
    void aTornEndOfAJournalIsPassedBy() throws IOException {
        FolderBackend writer = real();
        writer.join(SPACE, 1, List.of(cells("a", 1)));
        Path journal = only(".journal");
        long whole = Files.size(journal);
        writer.join(SPACE, 1, List.of(cells("b", 1)));
        for (long size = Files.size(journal) - 1; size >= whole; size--) {
            truncate(journal, size);
            assertThat(all(real())).hasSize(1);
        }
        truncate(journal, whole - 1);
        assertThat(all(real())).isEmpty();
    }

    @Test
    void aTornEndOfALogIsPassedBy() throws IOException {
        FolderBackend writer = real();
        writer.append(SPACE, LOG, 1, List.of(new byte[] {1}));
        Path log = only(".log");
        long whole = Files.size(log);
        writer.append(SPACE, LOG, 2, List.of(new byte[] {2}, new byte[] {3}));
        for (long size = Files.size(log) - 1; size >= whole; size--) {
            truncate(log, size);
            assertThat(real().entries(SPACE, LOG, 0, 10)).hasSize(1);
        }
    }

    @Test
    void damageBeforeTheEndIsNotTakenForATornEnd() throws IOException {
        FolderBackend writer = real();
        writer.join(SPACE, 1, List.of(cells("a", 1)));
        writer.raiseTip(SPACE, 1, LOG, 1);
        writer.join(SPACE, 1, List.of(cells("b", 1)));
        Path journal = only(".journal");
        byte[] bytes = Files.readAllBytes(journal);
        bytes[30] ^= 1;
        Files.write(journal, bytes);
        assertThatThrownBy(() -> all(real()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("damaged at byte 0")
                .extracting(e -> ((StoreException) e).kind())
                .isEqualTo(StoreException.Kind.UNUSABLE);
    }

    @Test
    void whatWasNotOnTheDiskYetMayBeTornBeforeWhatIs() throws IOException {
        FolderBackend writer = real();
        writer.join(SPACE, 1, List.of(cells("a", 1)));
        writer.raiseTip(SPACE, 1, LOG, 1); // waits for the disk
        Path journal = only(".journal");
        int onDisk = (int) Files.size(journal);
        writer.join(SPACE, 1, List.of(cells("b", 1)));
        int second = (int) Files.size(journal);
        writer.join(SPACE, 1, List.of(cells("c", 1)));
        byte[] whole = Files.readAllBytes(journal);
        for (int to = second; to <= whole.length; to++) { // zeros in the place of it, and of ever more behind it
            byte[] torn = whole.clone();
            Arrays.fill(torn, onDisk, to, (byte) 0);
            Files.write(journal, torn);
            assertThat(all(real())).as("zeros to %d", to).hasSize(1);
        }
        Files.write(journal, whole);
        writer.raiseTip(SPACE, 1, LOG, 2);
        writer.join(SPACE, 1, List.of(cells("d", 1))); // says that what is before it was on the disk
        byte[] damaged = Files.readAllBytes(journal);
        Arrays.fill(damaged, onDisk, second, (byte) 0);
        Files.write(journal, damaged);
        assertThatThrownBy(() -> all(real())).hasMessageContaining("damaged at byte " + onDisk);
    }

    @Test
    void aFileSystemWithoutHardLinksIsNamed() {
        Disk without = new Disk(step -> {
            if (step.equals("link")) {
                throw new FileSystemException("x", "y", "Operation not permitted"); // as VFAT answers
            }
        });
        assertThatThrownBy(() ->
                        DrillStore.open(folder.resolve("vfat"), DrillOptions.defaults(), TimeSource.system(), without))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no hard link can be made in " + folder.resolve("vfat"));
        assertThat(Failures.translating(() -> Disk.namesWithUnfinished(folder.resolve("vfat"))))
                .isEmpty();
    }

    @Test
    void aFullDiskIsNamedAndNothingIsTakenForWritten() {
        boolean[] full = new boolean[1];
        FolderBackend backend = new FolderBackend(
                folder,
                new Disk(step -> {
                    if (full[0] && (step.equals("append") || step.equals("write") || step.equals("folder"))) {
                        throw new IOException("No space left on device");
                    }
                }),
                ROOM);
        backend.append(SPACE, LOG, 1, List.of(new byte[] {1}));
        backend.join(SPACE, 1, List.of(cells("a", 1)));
        full[0] = true;
        assertThatThrownBy(() -> backend.append(SPACE, LOG, 2, List.of(new byte[] {2})))
                .hasMessageContaining("the folder cannot be used now: No space left on device");
        assertUnavailable(() -> backend.join(SPACE, 1, List.of(cells("b", 1))));
        assertUnavailable(() -> backend.compareAndSet(MARK, null, Versioned.of(1, new byte[1])));
        assertThat(all(backend)).isEqualTo(all(real())).hasSize(1);
        full[0] = false;
        backend.append(SPACE, LOG, 2, List.of(new byte[] {3}));
        backend.join(SPACE, 1, List.of(cells("b", 2)));
        assertThat(all(backend)).isEqualTo(all(real())).hasSize(2);
        assertThat(real().entries(SPACE, LOG, 0, 10)).containsExactly(new byte[] {1}, new byte[] {3});
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

    private Path only(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(ending)).toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }
}
