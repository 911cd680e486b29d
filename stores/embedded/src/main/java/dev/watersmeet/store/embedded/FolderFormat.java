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
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a folder is: a file {@code FORMAT} says so, and of which format. It is read before anything else is touched, so that what is somebody else's, or too new, is left as it was.
 */
enum FolderFormat {
    /** A store: its database is in {@code rocksdb}. */
    STORE("store", "rocksdb", 2),
    /** Backups of a store, as RocksDB keeps them, in {@code backups}. */
    BACKUPS("backups of a store", "backups", 1);

    private static final String FILE = "FORMAT";
    /** Is there while a store is put back from a backup. */
    private static final String RESTORING = "RESTORING";
    /** Is there while a store is created: nothing was acknowledged yet. */
    private static final String CREATING = "CREATING";
    /** What every database of RocksDB has. */
    private static final String CURRENT = "CURRENT";

    private final String what;
    private final String content;
    private final int version;

    FolderFormat(String what, String content, int version) {
        this.what = what;
        this.content = content;
        this.version = version;
    }

    /**
     * Makes sure that a folder is one of this format, or one that becomes one by {@link #finish} when its content is there: if it is not there, or empty, or was left on the way.
     *
     * @return the folder of the content
     */
    Path prepare(Path folder) {
        try {
            if (Files.exists(folder) && isSet(folder)) {
                check(folder);
            } else {
                create(folder);
                requireEmpty(folder);
                write(folder.resolve(CREATING), "");
                sync(folder);
            }
            return folder.resolve(content);
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /**
     * Makes sure that a folder is there, and of this format.
     *
     * @return the folder of the content
     */
    Path existing(Path folder) {
        try {
            if (!isSet(folder)) {
                throw unusable("the folder " + folder + " holds no " + what + "; check its path");
            }
            check(folder);
            return folder.resolve(content);
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /**
     * Makes sure that a folder is new or empty, and marks it as one that is not to be used before {@link #finish}.
     *
     * @return the folder of the content
     */
    Path begin(Path folder) {
        try {
            create(folder);
            requireEmpty(folder);
            write(folder.resolve(RESTORING), "");
            sync(folder);
            return folder.resolve(content);
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /** Makes a folder that was prepared or begun one of this format, now that its content is there: a folder of this format always has it. */
    void finish(Path folder) {
        try {
            if (!isSet(folder)) {
                set(folder);
            }
            Files.deleteIfExists(folder.resolve(RESTORING));
            Files.deleteIfExists(folder.resolve(CREATING));
            sync(folder);
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /** An empty file is one whose writing was interrupted. */
    private static boolean isSet(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        return Files.exists(file) && Files.size(file) > 0;
    }

    private void check(Path folder) throws IOException {
        Matcher format = Pattern.compile("watersmeet embedded " + what + ", format ([0-9]{1,9})\\R?")
                .matcher(Files.readString(folder.resolve(FILE)));
        if (!format.matches()) {
            throw foreign(folder);
        }
        int found = Integer.parseInt(format.group(1));
        if (found != version) {
            throw unusable("the folder " + folder + " has format " + found + ", and this program reads format "
                    + version + "; use the version of the program that wrote it");
        }
        if (this == STORE && !Files.exists(folder.resolve(content).resolve(CURRENT))) {
            throw unusable("the folder " + folder + " is one of a store, but its database is gone: there is no "
                    + folder.resolve(content).resolve(CURRENT)
                    + "; check what is mounted there, or restore a backup to a new folder");
        }
    }

    private void requireEmpty(Path folder) throws IOException {
        if (Files.exists(folder.resolve(RESTORING))) {
            throw unusable("restoring a backup to the folder " + folder
                    + " was interrupted; delete the folder and restore again");
        }
        Path begun = folder.resolve(CREATING);
        Set<Path> ours = Files.exists(begun)
                ? Set.of(begun, folder.resolve(FILE), folder.resolve(content))
                : Set.of(folder.resolve(FILE));
        try (Stream<Path> found = Files.list(folder)) {
            if (found.anyMatch(entry -> !ours.contains(entry)) || isSet(folder)) {
                throw foreign(folder);
            }
        }
    }

    /** Creates a folder with its parents, whose names are made durable, too. */
    private static void create(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath();
        Path there = absolute;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        Files.createDirectories(absolute);
        for (Path parent = absolute.getParent();
                there != null && parent != null && parent.startsWith(there);
                parent = parent.getParent()) {
            sync(parent);
        }
    }

    private void set(Path folder) throws IOException {
        write(folder.resolve(FILE), "watersmeet embedded " + what + ", format " + version + "\n");
        sync(folder);
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
            out.force(true);
        }
    }

    /** Makes the names in a folder durable, where a folder can be opened. */
    private static void sync(Path folder) throws IOException {
        if (File.separatorChar != '/') {
            return;
        }
        try (FileChannel directory = FileChannel.open(folder)) {
            directory.force(true);
        }
    }

    private StoreException foreign(Path folder) {
        return unusable("the folder " + folder + " holds something else than " + (this == STORE ? "a store" : what)
                + "; choose an empty folder or a new one");
    }

    private static StoreException unreadable(Path folder, IOException e) {
        return new StoreException(
                StoreException.Kind.UNUSABLE,
                "the folder " + folder + " cannot be used: " + e + "; check its path and permissions",
                e);
    }

    private static StoreException unusable(String message) {
        return new StoreException(StoreException.Kind.UNUSABLE, message);
    }
}
