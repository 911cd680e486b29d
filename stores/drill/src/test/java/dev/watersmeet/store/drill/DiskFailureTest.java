package dev.watersmeet.store.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.Versioned;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Disks that fail, are full, or have lost what nobody waited for, and files whose ends are torn. */
class DiskFailureTest extends FolderTest {
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

    /** On a disk that syncs nothing while {@code failing} says so. */
    private FolderBackend failingToSync(boolean[] failing) {
        return new FolderBackend(
                folder,
                new Disk(step -> {
                    if (failing[0] && step.equals("sync")) {
                        throw new IOException("the disk fails");
                    }
                }),
                ROOM);
    }

    @Test
    void whereTheDiskFailsNothingIsToldThatItMayNotHave() throws IOException {
        boolean[] failing = new boolean[1];
        FolderBackend backend = failingToSync(failing);
        backend.join(SPACE, 1, List.of(cells("a", 1)));
        backend.raiseTip(SPACE, 1, LOG, 1);
        long whole = Files.size(only(".journal"));
        backend.join(SPACE, 1, List.of(cells("b", 1)));
        failing[0] = true;
        assertUnavailable(() -> all(backend));
        truncate(only(".journal"), whole);
        assertUnavailable(() -> backend.raiseTip(SPACE, 1, LOG, 2));
        failing[0] = false;
        assertThat(all(backend)).as("written again").isEqualTo(all(real())).hasSize(2);
        backend.join(SPACE, 1, List.of(cells("c", 2)));
        backend.raiseTip(SPACE, 1, LOG, 2);
        assertThat(all(real())).hasSize(3);
        assertThat(real().tips(SPACE, 1)).isEqualTo(Map.of(LOG, 2L));
    }

    @ParameterizedTest
    @MethodSource("waysOfTelling")
    void nothingIsToldOfCellsThatTheDiskHasLost(Consumer<FolderBackend> telling) throws IOException {
        boolean[] failing = new boolean[1];
        FolderBackend backend = failingToSync(failing);
        backend.append(SPACE, LOG, 1, List.of(new byte[] {1}));
        backend.join(SPACE, 1, List.of(cells("a", 1)));
        failing[0] = true;
        assertUnavailable(() -> all(backend));
        failing[0] = false;
        truncate(only(".journal"), 0);
        telling.accept(backend);
        assertThat(all(real())).containsKey(DocumentId.of("todos", "a"));
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
    void aFileOfAnotherVersionIsNamed() throws IOException {
        FolderBackend writer = real();
        writer.join(SPACE, 1, List.of(cells("a", 1)));
        Path journal = only(".journal");
        byte[] laterForm = {Change.FORM + 1};
        Files.write(journal, Frame.of(List.of(laterForm)).array());
        assertThatThrownBy(() -> all(real()))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll(
                        journal.toString(), "another version of the store", "start a server of that version")
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

    private static void assertUnavailable(Runnable use) {
        assertThatThrownBy(use::run)
                .isInstanceOf(StoreException.class)
                .extracting(e -> ((StoreException) e).kind())
                .isEqualTo(StoreException.Kind.UNAVAILABLE);
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }
}
