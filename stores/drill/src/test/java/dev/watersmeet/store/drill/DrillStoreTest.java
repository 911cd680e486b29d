package dev.watersmeet.store.drill;

import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.ClockedFixture;
import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The kit. It needs no Drillbit. */
class DrillStoreTest extends StoreContract {
    @Override
    protected StoreFixture fixture() {
        return new FolderFixture();
    }

    private static final class FolderFixture extends ClockedFixture {
        private final Path parent = temporary();
        private Path folder = parent.resolve("data");

        private static Path temporary() {
            try {
                return Files.createTempDirectory("drill-store");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Store open() {
            return DrillStore.open(folder, DrillOptions.defaults(), this::millis, Disk.real());
        }

        @Override
        public Optional<Runnable> copy() {
            Path copy = parent.resolve("copy");
            copyTree(folder, copy);
            return Optional.of(() -> {
                folder = copy;
                renewEpochs();
            });
        }

        private static void copyTree(Path from, Path to) {
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Files.copy(file, to.resolve(from.relativize(file)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                Disk.real().deleteTree(parent);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
