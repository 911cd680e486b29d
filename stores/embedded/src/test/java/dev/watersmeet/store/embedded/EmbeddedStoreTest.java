package dev.watersmeet.store.embedded;

import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.ClockedFixture;
import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest extends StoreContract {
    private final AtomicInteger folders = new AtomicInteger();

    @TempDir
    Path temporary;

    @Override
    protected StoreFixture fixture() {
        return new FolderFixture(temporary.resolve("store" + folders.incrementAndGet()));
    }

    /** A folder of its own. */
    private static final class FolderFixture extends ClockedFixture {
        private final Path folder;

        FolderFixture(Path folder) {
            this.folder = folder;
        }

        @Override
        public Store open() {
            return EmbeddedStore.open(folder, EmbeddedOptions.defaults(), this::millis);
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
