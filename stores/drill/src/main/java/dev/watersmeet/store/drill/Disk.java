package dev.watersmeet.store.drill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is done to files, so that a crash at any moment leaves the whole or nothing: a file that is not finished has a name that begins with {@value #UNFINISHED}, which nobody reads, and gets its name when it is on the disk.
 * Thread-safe.
 */
final class Disk {
    /** What the names of files begin with that are not finished. Drill, too, passes them by. */
    static final String UNFINISHED = "_";

    /** A UUID. */
    private static final String DRAFT = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** Told of each step before it is taken; for tests, which let a process die there. */
    @FunctionalInterface
    interface Steps {
        void before(String step) throws IOException;
    }

    /** Writes what a file is to hold. */
    @FunctionalInterface
    interface Content {
        void writeTo(FileChannel file) throws IOException;
    }

    private final Steps steps;

    Disk(Steps steps) {
        this.steps = steps;
    }

    /** Real files, without anybody who watches. */
    static Disk real() {
        return new Disk(step -> {});
    }

    /**
     * Makes a file that was not there.
     *
     * @return false if there is one of that name
     */
    boolean create(Path target, byte[] bytes) throws IOException {
        return create(target, file -> writeFully(file, ByteBuffer.wrap(bytes)));
    }

    /**
     * Makes a file that was not there.
     *
     * @return false if there is one of that name
     */
    boolean create(Path target, Content content) throws IOException {
        Path draft = draft(target, content);
        try {
            steps.before("link");
            Files.createLink(target, draft);
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (NoSuchFileException e) {
            throw e; // somebody has deleted the folder
        } catch (FileSystemException | UnsupportedOperationException e) {
            throw new IOException("no hard link can be made in " + target.getParent() + " (" + e.getMessage()
                    + "): the folder has to be on a file system that has them");
        } finally {
            Files.deleteIfExists(draft);
        }
        sync(parent(target));
        return true;
    }

    /** Writes a file that is not finished, next to where it shall be. */
    private Path draft(Path target, Content content) throws IOException {
        Path draft = target.resolveSibling(UNFINISHED + UUID.randomUUID());
        steps.before("write");
        try (FileChannel file = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.writeTo(file);
            steps.before("sync");
            file.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
        return draft;
    }

    /** Makes a file, or replaces the one that is there, at once for all who read it. */
    void replace(Path target, byte[] bytes) throws IOException {
        rename(draft(target, file -> writeFully(file, ByteBuffer.wrap(bytes))), target);
    }

    /** Gives something that is on the disk its name. */
    void rename(Path draft, Path target) throws IOException {
        steps.before("rename");
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        sync(parent(target));
    }

    /** Sees that what somebody else wrote into a file is on the disk. */
    void sync(FileChannel file) throws IOException {
        steps.before("sync");
        file.force(true);
    }

    /** Writes bytes into a file at a position, and sees that they are on the disk. */
    void append(Path path, long position, ByteBuffer bytes) throws IOException {
        write(path, position, bytes);
        syncContents(path);
        if (position == 0) {
            sync(parent(path));
        }
    }

    /** Writes bytes into a file at a position, where others see them; they may not be on the disk yet. */
    void write(Path path, long position, ByteBuffer bytes) throws IOException {
        steps.before("append");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.position(position);
            writeFully(file, bytes);
        }
    }

    /** Sees that what a file has is on the disk. */
    void syncContents(Path path) throws IOException {
        steps.before("sync");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.force(false);
        }
    }

    static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /** Makes a folder with all above it. */
    void createFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        createFolder(parent(folder));
        steps.before("folder");
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            // somebody else was faster
        }
        sync(parent(folder));
    }

    /** Sees that the names in a folder are on the disk. */
    void sync(Path folder) throws IOException {
        steps.before("sync folder");
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** The names of the files in a folder that are finished; none where there is no folder. */
    static List<String> names(Path folder) throws IOException {
        return namesWithUnfinished(folder).stream()
                .filter(name -> !name.startsWith(UNFINISHED))
                .toList();
    }

    /** The names of all files in a folder; none where there is no folder. */
    static List<String> namesWithUnfinished(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /** Deletes what a process that has died left unfinished; only where none is that writes. */
    void deleteDrafts(Path folder) throws IOException {
        for (String name : namesWithUnfinished(folder)) {
            if (isDraft(folder.resolve(name))) {
                delete(folder.resolve(name));
            }
        }
    }

    /** Whether a file is one that was not finished, by its name. */
    static boolean isDraft(Path file) {
        return String.valueOf(file.getFileName()).matches(UNFINISHED + DRAFT);
    }

    /** The time by the clock of the file system that a folder is on. */
    FileTime now(Path folder) throws IOException {
        Path draft = Files.createFile(folder.resolve(UNFINISHED + UUID.randomUUID()));
        try {
            return Files.getLastModifiedTime(draft);
        } finally {
            delete(draft);
        }
    }

    void delete(Path file) throws IOException {
        steps.before("delete");
        Files.deleteIfExists(file);
    }

    /** Deletes a folder with all that is in it, also what somebody else deletes or adds meanwhile. */
    void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The folder that a file is in. */
    static Path parent(Path path) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a folder above");
    }
}
