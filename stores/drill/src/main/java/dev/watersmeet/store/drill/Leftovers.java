package dev.watersmeet.store.drill;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What processes have left in a store's folder that were killed: drafts, and lives of spaces that were being erased. A draft that is old by the file system's own clock is nobody's: who was paused for so long finds it gone, and
 * fails.
 */
final class Leftovers {
    private static final Duration OLD = Duration.ofHours(1);

    private final Path folder;
    private final Disk disk;
    private final BooleanSupplier wanted;

    /** @param wanted asked again and again: when it is false the rest is left */
    Leftovers(Path folder, Disk disk, BooleanSupplier wanted) {
        this.folder = folder;
        this.disk = disk;
        this.wanted = wanted;
    }

    void delete() throws IOException {
        FileTime old = FileTime.from(disk.now(folder).toInstant().minus(OLD));
        for (String space : Disk.names(folder)) {
            deleteErased(folder.resolve(space));
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (Disk.isDraft(file) && attributes.lastModifiedTime().compareTo(old) < 0) {
                    disk.delete(file);
                }
                return wanted.getAsBoolean() ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // somebody else has deleted it
                }
                throw e;
            }
        });
    }

    private void deleteErased(Path space) throws IOException {
        List<String> names = Disk.names(space);
        for (String name : names) {
            if (wanted.getAsBoolean() && names.contains(name + SpacePaths.ERASED)) {
                disk.deleteTree(space.resolve(name));
            }
        }
    }
}
