package dev.watersmeet.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {
    private static final SpaceId SPACE = SpaceId.of("space");
    private static final int BATCHES = 500;

    /** Of RocksDB's logs. */
    private static final int BLOCK = 32 << 10;

    private static final int KIND_OF_FRAGMENT = 6;
    private static final byte RECYCLED_MIDDLE = 7;

    @TempDir
    Path temporary;

    private static String refusal(Path folder) {
        StoreException refusal = catchThrowableOfType(
                StoreException.class, () -> EmbeddedStore.open(folder).close());
        assertThat(refusal).isNotNull();
        assertThat(refusal.kind()).isEqualTo(StoreException.Kind.UNUSABLE);
        assertThat(refusal).hasMessageContaining(folder.toString());
        return String.valueOf(refusal.getMessage());
    }

    @Test
    void aFolderIsCreatedWithItsParents() {
        Path folder = temporary.resolve("new/one");

        EmbeddedStore.open(folder).close();

        assertThat(folder.resolve("FORMAT")).hasContent("watersmeet embedded store, format 2");
    }

    @Test
    void anEmptyFolderAndOneWhoseCreationWasInterruptedAreTaken() throws IOException {
        EmbeddedStore.open(temporary).close();
        Path interrupted = Files.createDirectory(temporary.resolve("interrupted"));
        Files.createFile(interrupted.resolve("FORMAT"));

        EmbeddedStore.open(interrupted).close();

        assertThat(interrupted.resolve("FORMAT")).isNotEmptyFile();
    }

    @Test
    void aCreationThatWasInterruptedBeforeItsEndIsGoneOnWith() throws IOException {
        EmbeddedStore.open(temporary).close();
        Files.move(temporary.resolve("FORMAT"), temporary.resolve("CREATING"));

        EmbeddedStore.open(temporary).close();

        assertThat(names()).containsExactlyInAnyOrder("FORMAT", "rocksdb");
    }

    @Test
    void aStoreWhoseDatabaseIsGoneIsRefusedAndNotBegunAnew() throws IOException {
        EmbeddedStore.open(temporary).close();
        Path database = temporary.resolve("rocksdb");
        Files.delete(database.resolve("CURRENT"));

        assertThat(refusal(temporary)).contains("database is gone").contains("CURRENT");

        assertThat(database.resolve("CURRENT")).doesNotExist();
        Files.move(database, temporary.resolve("elsewhere"));
        assertThat(refusal(temporary)).contains("database is gone");
        assertThat(database).doesNotExist();
    }

    @Test
    void aFolderInUseIsRefused() {
        EmbeddedStore open = EmbeddedStore.open(temporary);

        assertThat(refusal(temporary)).contains("open already").contains("choose another folder");

        assertThat(open.count(SpaceId.of("space"))).isZero();
        open.close();
        EmbeddedStore.open(temporary).close();
    }

    @Test
    void aNewerFormatIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(temporary.resolve("FORMAT"), "watersmeet embedded store, format 3\n");

        assertThat(refusal(temporary)).contains("format 2").contains("reads format 2");

        assertThat(names()).containsExactly("FORMAT");
    }

    @Test
    void somebodyElsesFolderIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(temporary.resolve("letter.txt"), "dear");
        assertThat(refusal(temporary)).contains("something else").contains("empty folder");
        assertThat(names()).containsExactly("letter.txt");

        Files.writeString(temporary.resolve("FORMAT"), "floppy");
        assertThat(refusal(temporary)).contains("something else");
        assertThat(names()).containsExactlyInAnyOrder("letter.txt", "FORMAT");
    }

    @Test
    void aFileIsRefused() throws IOException {
        assertThat(refusal(Files.createFile(temporary.resolve("file")))).contains("check its path");
    }

    @Test
    void aDamagedDatabaseIsRefused() throws IOException {
        EmbeddedStore.open(temporary).close();
        Files.writeString(temporary.resolve("rocksdb/CURRENT"), "MANIFEST-999999\n");

        assertThat(refusal(temporary)).contains("restore it from a backup");
    }

    @Test
    void aDamagedFileIsRefusedWhereItIsReadAndFoundByTheCheck() throws IOException {
        try (EmbeddedStore store = EmbeddedStore.open(temporary)) {
            for (int n = 0; n < 200; n++) {
                store.join(SPACE, Batch.of(List.of(Sample.edit("d" + n, n, "x".repeat(100) + n))));
            }
        }
        EmbeddedStore.open(temporary).close(); // sorts the log into files
        for (Path file : sortedFiles()) {
            overwrite(file, 20, 10);
        }

        try (EmbeddedStore store = EmbeddedStore.open(temporary)) {
            StoreException refusal = catchThrowableOfType(StoreException.class, () -> Everything.scanned(store, SPACE));
            assertThat(refusal.kind()).isEqualTo(StoreException.Kind.UNUSABLE);
            assertThat(refusal)
                    .hasMessageContaining(temporary.toString())
                    .hasMessageContaining("damaged")
                    .hasMessageContaining("restore it from a backup");
            assertThat(store.checkIntegrity().isSound()).isFalse();
        }
    }

    @Test
    void damageBeforeTheEndOfALogIsRefused() throws IOException {
        Path copy = copyWithLog();
        LastLog log = LastLog.of(copy);
        long length = log.length();
        overwrite(log.file(), length / 2, 10);

        assertThat(refusal(copy)).contains("is damaged behind byte").contains("restore it from a backup");
        assertThat(log.length()).isEqualTo(length);
    }

    @Test
    void damageInTheBlockOfTheLastRecordsIsRefused() throws IOException {
        Path copy = copyWithLog();
        LastLog log = LastLog.of(copy);
        overwrite(log.file(), log.length() - 1000, 10);

        assertThat(refusal(copy)).contains("restore it from a backup");
    }

    @Test
    void aTornEndOfALogIsNoError() throws IOException {
        Path copy = copyWithLog();
        LastLog log = LastLog.of(copy);
        overwrite(log.file(), log.length(), 70_000);

        try (EmbeddedStore store = EmbeddedStore.open(copy)) {
            assertThat(store.count(SPACE)).isEqualTo(BATCHES);
            assertThat(store.checkIntegrity().problems()).isEmpty();
        }
    }

    @Test
    void aTornEndThatRocksDbReadsForEverIsCutOff() throws IOException {
        Path copy = copyWithLog();
        LastLog log = LastLog.of(copy);
        long length = log.length();
        overwrite(log.file(), length, 100_000);
        for (long block = (length / BLOCK + 1) * BLOCK; block < log.length(); block += BLOCK) {
            overwrite(log.file(), block + KIND_OF_FRAGMENT, new byte[] {RECYCLED_MIDDLE});
        }

        try (EmbeddedStore store = EmbeddedStore.open(copy)) {
            assertThat(store.count(SPACE)).isEqualTo(BATCHES);
        }
    }

    @Test
    void recordsInALogBehindATornOneAreDamage() throws IOException {
        Path copy = copyWithLog();
        Path torn = LastLog.of(copy).file();
        Path later = torn.resolveSibling("999999.log");
        Files.copy(torn, later);
        overwrite(torn, Files.size(torn), 100);

        assertThat(refusal(copy)).contains("its log " + torn.getFileName() + " is damaged");

        Files.delete(later);
        EmbeddedStore.open(copy).close();
    }

    /** A store whose log is not sorted into files, as after a crash. */
    private Path copyWithLog() throws IOException {
        Path copy = temporary.resolve("copy");
        Path folder = temporary.resolve("store");
        try (EmbeddedStore store = EmbeddedStore.open(folder)) {
            for (int n = 0; n < BATCHES; n++) {
                store.join(SPACE, Batch.of(List.of(Sample.edit("d" + n, n, n))));
            }
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.toList()) {
                    Files.copy(file, copy.resolve(folder.relativize(file)));
                }
            }
        }
        return copy;
    }

    private List<Path> sortedFiles() throws IOException {
        try (Stream<Path> files = Files.list(temporary.resolve("rocksdb"))) {
            return files.filter(file -> file.toString().endsWith(".sst")).toList();
        }
    }

    private static void overwrite(Path file, long at, int length) throws IOException {
        byte[] garbage = new byte[length];
        new Random(7).nextBytes(garbage);
        overwrite(file, at, garbage);
    }

    private static void overwrite(Path file, long at, byte[] garbage) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(garbage), at);
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
