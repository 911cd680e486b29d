package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.store.StoreException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of a store: a file {@code FORMAT} that says whose it is and of which format, and the database in {@code rocksdb}. The file is read before the database is touched, so that what is
 * somebody else's, or too new, is left as it was.
 */
final class FolderFormat {
    private static final int VERSION = 2;
    private static final String FILE = "FORMAT";
    private static final Pattern TEXT = Pattern.compile("watersmeet embedded store, format ([0-9]{1,9})\\R?");

    private FolderFormat() {}

    /**
     * Makes sure that a folder is one of this format, creating it if it is not there or empty.
     *
     * @return the folder of the database
     */
    static Path prepare(Path folder) {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve(FILE);
            // An empty file is one whose writing was interrupted.
            if (Files.exists(file) && Files.size(file) > 0) {
                check(folder, Files.readString(file));
            } else {
                create(folder, file);
            }
            return folder.resolve("rocksdb");
        } catch (IOException e) {
            throw unusable("the folder " + folder + " cannot be used: " + e + "; check its path and permissions", e);
        }
    }

    private static void check(Path folder, String text) {
        Matcher format = TEXT.matcher(text);
        if (!format.matches()) {
            throw foreign(folder);
        }
        int version = Integer.parseInt(format.group(1));
        if (version != VERSION) {
            throw unusable("the folder " + folder + " has format " + version + ", and this program reads format "
                    + VERSION + "; use the version of the program that wrote it");
        }
    }

    private static void create(Path folder, Path file) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            if (found.anyMatch(entry -> !entry.equals(file))) {
                throw foreign(folder);
            }
        }
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(("watersmeet embedded store, format " + VERSION + "\n").getBytes(UTF_8)));
            out.force(true);
        }
        sync(folder);
    }

    /** Makes the file's name durable, where a folder can be opened. */
    private static void sync(Path folder) throws IOException {
        if (File.separatorChar != '/') {
            return;
        }
        try (FileChannel directory = FileChannel.open(folder)) {
            directory.force(true);
        }
    }

    private static StoreException foreign(Path folder) {
        return unusable(
                "the folder " + folder + " holds something else than a store; choose an empty folder or a new one");
    }

    private static StoreException unusable(String message) {
        return new StoreException(StoreException.Kind.UNUSABLE, message);
    }

    private static StoreException unusable(String message, Throwable cause) {
        return new StoreException(StoreException.Kind.UNUSABLE, message, cause);
    }
}
