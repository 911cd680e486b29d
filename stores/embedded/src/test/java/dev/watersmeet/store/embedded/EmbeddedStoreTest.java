package dev.watersmeet.store.embedded;

import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest extends StoreContract {
    private final AtomicInteger folders = new AtomicInteger();

    @TempDir
    Path temporary;

    @Override
    protected StoreFixture fixture() {
        return new FolderFixture(temporary.resolve("store" + folders.incrementAndGet()), new AtomicLong());
    }

    /** A folder of its own. */
    private record FolderFixture(Path folder, AtomicLong ahead) implements StoreFixture {
        @Override
        public Store open() {
            return EmbeddedStore.open(folder, EmbeddedOptions.defaults(), this::millis);
        }

        private long millis() {
            return System.currentTimeMillis() + ahead.get();
        }

        @Override
        public Instant instant() throws InterruptedException {
            Thread.sleep(5);
            Instant now = Instant.ofEpochMilli(millis());
            Thread.sleep(5);
            return now;
        }

        @Override
        public boolean moveClock(Duration by) {
            ahead.addAndGet(by.toMillis());
            return true;
        }

        @Override
        public Optional<Runnable> copy() {
            Path copy = folder.resolveSibling(folder.getFileName() + ".copy");
            copy(folder, copy);
            return Optional.of(() -> {
                delete(folder);
                copy(copy, folder);
                renewEpochs();
            });
        }

        private void renewEpochs() {
            try (Store store = open()) {
                List<SpaceId> spaces = store.maintenance().spaces(null, 100);
                spaces.forEach(space -> store.maintenance().renewEpoch(space));
            }
        }

        private static void copy(Path from, Path to) {
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(from.relativize(file)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path folder) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            // The temporary folder goes with the test.
        }
    }
}
