package dev.watersmeet.store.embedded;

import static dev.watersmeet.store.embedded.Sample.edit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
    private static final SpaceId SPACE = SpaceId.of("space");

    @TempDir
    Path temporary;

    private Path folder;
    private Path backups;
    private Path restored;

    @BeforeEach
    void folders() {
        folder = temporary.resolve("store");
        backups = temporary.resolve("backups");
        restored = temporary.resolve("restored");
    }

    private static StoreException refusal(Runnable action) {
        StoreException refusal = catchThrowableOfType(StoreException.class, action::run);
        assertThat(refusal).isNotNull();
        assertThat(refusal.kind()).isEqualTo(StoreException.Kind.UNUSABLE);
        return refusal;
    }

    @Test
    void aRestoredStoreHasAllOfItsBackupAndNewEpochs() {
        Cursor before;
        Cursor after;
        try (EmbeddedStore store = EmbeddedStore.open(folder)) {
            store.join(SPACE, Batch.of(List.of(edit("kept", 1, 1)), new Mark(Sample.REPLICA, "ada", 1, "nonce", "")));
            store.metadata(SPACE).compareAndSet("key", null, "value");
            before = store.head(SPACE);
            Backup backup = store.backUp(backups, 1);
            assertThat(backup.bytes()).isPositive();
            store.join(SPACE, Batch.of(List.of(edit("lost", 2, 2))));
            after = store.head(SPACE);
        }

        assertThat(EmbeddedStore.restore(backups, restored).number()).isEqualTo(1);

        try (EmbeddedStore store = EmbeddedStore.open(restored)) {
            assertThat(Everything.scanned(store, SPACE))
                    .isEqualTo(
                            Map.of(Sample.document("kept"), edit("kept", 1, 1).cells()));
            assertThat(store.mark(SPACE, Sample.REPLICA)).isPresent();
            assertThat(store.metadata(SPACE).get("key")).contains("value");
            assertThat(store.check(SPACE, before)).isEqualTo(CursorState.BEFORE_RENEWAL);
            assertThat(store.check(SPACE, after)).isEqualTo(CursorState.BEFORE_RENEWAL);
            assertThat(store.checkIntegrity().problems()).isEmpty();
        }
    }

    @Test
    void aBackupIsOfOneMomentWhileOthersWrite() throws InterruptedException {
        AtomicInteger written = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        int before;
        try (EmbeddedStore store = EmbeddedStore.open(folder)) {
            Thread writer = new Thread(() -> {
                while (!stop.get()) {
                    int n = written.get();
                    store.join(SPACE, Batch.of(List.of(edit("a" + n, n, "x".repeat(2000)), edit("b" + n, n, n))));
                    written.incrementAndGet();
                }
            });
            writer.start();
            while (written.get() < 50) {
                Thread.onSpinWait();
            }
            store.backUp(backups, 2);
            before = written.get();
            store.backUp(backups, 2);
            stop.set(true);
            writer.join();
        }

        EmbeddedStore.restore(backups, restored);

        try (EmbeddedStore store = EmbeddedStore.open(restored)) {
            Map<DocumentId, DocumentState> found = Everything.scanned(store, SPACE);
            assertThat(found).hasSizeGreaterThanOrEqualTo(2 * before).isEqualTo(Everything.followed(store, SPACE));
            assertThat(found.size() % 2).isZero();
            for (int n = 0; n < found.size() / 2; n++) {
                assertThat(found).containsKeys(Sample.document("a" + n), Sample.document("b" + n));
            }
        }
    }

    @Test
    void onlyTheLatestBackupsAreKept() throws IOException {
        try (EmbeddedStore store = EmbeddedStore.open(folder)) {
            for (int n = 1; n <= 5; n++) {
                store.join(SPACE, Batch.of(List.of(edit("hot", n, n))));
                assertThat(store.backUp(backups, 2).number()).isEqualTo(n);
            }
        }
        try (Stream<Path> kept = Files.list(backups.resolve("backups/private"))) {
            assertThat(kept.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("4", "5");
        }
    }

    @Test
    void aBackupWithADamagedFileIsNotRestored() throws IOException {
        try (EmbeddedStore store = EmbeddedStore.open(folder)) {
            store.join(SPACE, Batch.of(List.of(edit("one", 1, 1))));
            store.backUp(backups, 1);
        }
        try (Stream<Path> files = Files.list(backups.resolve("backups/shared_checksum"))) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= 1;
                Files.write(file, bytes);
            }
        }

        assertThat(refusal(() -> EmbeddedStore.restore(backups, restored)))
                .hasMessageContaining(backups.toString())
                .hasMessageContaining("older copy");

        assertThat(refusal(() -> EmbeddedStore.open(restored)))
                .hasMessageContaining(restored.toString())
                .hasMessageContaining("was interrupted; delete the folder and restore again");
        assertThat(refusal(() -> EmbeddedStore.restore(backups, restored))).hasMessageContaining("interrupted");
    }

    @Test
    void nothingIsRestoredOverAStoreOrFromAFolderWithoutBackups() {
        try (EmbeddedStore store = EmbeddedStore.open(folder)) {
            store.backUp(backups, 1);
        }

        assertThat(refusal(() -> EmbeddedStore.restore(backups, folder)))
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("empty folder");
        assertThat(refusal(() -> EmbeddedStore.restore(temporary, restored)))
                .hasMessageContaining(temporary.toString())
                .hasMessageContaining("no backups of a store");
        assertThat(restored).doesNotExist();
    }

    @Test
    void noBackupIsWrittenIntoSomebodyElsesFolder() throws IOException {
        Files.createDirectories(backups);
        Files.writeString(backups.resolve("letter.txt"), "dear");
        try (EmbeddedStore store = EmbeddedStore.open(folder)) {
            assertThat(refusal(() -> store.backUp(backups, 1)))
                    .hasMessageContaining(backups.toString())
                    .hasMessageContaining("something else");
            assertThat(refusal(() -> store.backUp(folder, 1))).hasMessageContaining("something else");
        }
    }
}
