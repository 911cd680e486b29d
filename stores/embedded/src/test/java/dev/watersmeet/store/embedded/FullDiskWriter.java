package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Writes until the disk is full, checks that what was refused is not there and what was acknowledged is, and goes on when there is room. A program: its arguments are the store's folder, and how the disk is made full:
 * {@code limit} for a limit on the size of files, {@code disk} for a disk that really is. It fails with an exception.
 */
final class FullDiskWriter {
    private static final SpaceId SPACE = SpaceId.of("full");
    private static final String LIMIT_BYTES = "2000000";
    private static final int FILLER_BYTES = 20 << 20;
    private static final int MAX_BATCHES = 1000;
    private static final int MORE_BATCHES = 20;

    private final Path folder;
    private final boolean limited;

    private FullDiskWriter(Path folder, boolean limited) {
        this.folder = folder;
        this.limited = limited;
    }

    public static void main(String[] arguments) throws Exception {
        new FullDiskWriter(Path.of(arguments[0]), arguments[1].equals("limit")).run();
    }

    private void run() throws IOException, InterruptedException {
        int acknowledged;
        try (EmbeddedStore store = EmbeddedStore.open(folder)) {
            store.join(SPACE, batch(0));
            takeRoom();
            acknowledged = writeUntilRefused(store, 1);
            check(store, acknowledged);
            require(writeUntilRefused(store, acknowledged + 1) == acknowledged, "a full disk stays full");
            require(refusesMetadata(store), "metadata needs room, too");
            giveRoom();
            require(store.metadata(SPACE).compareAndSet("key", null, "value"), "metadata goes on by itself");
            for (int n = 0; n < MORE_BATCHES; n++) {
                store.join(SPACE, batch(++acknowledged));
            }
            check(store, acknowledged);
        }
        try (EmbeddedStore store = EmbeddedStore.open(folder)) {
            check(store, acknowledged);
            require(store.checkIntegrity().isSound(), "what is stored is sound");
        }
    }

    private void takeRoom() throws IOException, InterruptedException {
        if (limited) {
            limitFiles(LIMIT_BYTES);
        } else {
            Files.write(filler(), new byte[FILLER_BYTES]);
        }
    }

    private void giveRoom() throws IOException, InterruptedException {
        if (limited) {
            limitFiles("unlimited");
        } else {
            Files.delete(filler());
        }
    }

    private Path filler() {
        return folder.resolveSibling("filler");
    }

    private static int writeUntilRefused(Store store, int from) {
        for (int n = from; n < MAX_BATCHES; n++) {
            try {
                store.join(SPACE, batch(n));
            } catch (StoreException e) {
                require(e.kind() == StoreException.Kind.UNAVAILABLE, "a full disk is unavailable, not " + e);
                require(String.valueOf(e.getMessage()).contains("has no room; free some"), e.getMessage());
                return n - 1;
            }
        }
        throw new IllegalStateException("the disk is not full");
    }

    private static boolean refusesMetadata(Store store) {
        try {
            store.metadata(SPACE).compareAndSet("other", null, "value");
            return false;
        } catch (StoreException e) {
            return e.kind() == StoreException.Kind.UNAVAILABLE;
        }
    }

    /** All batches up to the last acknowledged are there. The next is there as a whole, if its outcome was not known, or not at all. */
    private static void check(Store store, int acknowledged) {
        for (int n = 0; n <= acknowledged; n++) {
            require(found(store, n) == 2, "batch " + n + " is there");
        }
        require(found(store, acknowledged + 1) != 1, "the refused batch is not there by halves");
        require(found(store, acknowledged + 2) == 0, "what was not written is not there");
    }

    private static int found(Store store, int n) {
        return store.read(
                        SPACE,
                        batch(n).documents().stream().map(DocumentCells::id).toList())
                .size();
    }

    private static Batch batch(int n) {
        return Batch.of(List.of(
                new DocumentCells(first(n), Sample.edit("", n, text(n)).cells()),
                Sample.edit("second" + n, n, text(n))));
    }

    private static String text(int n) {
        return new Random(n)
                .ints(20_000, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static DocumentId first(int n) {
        return Sample.document("first" + n);
    }

    private static void limitFiles(String bytes) throws IOException, InterruptedException {
        int status = new ProcessBuilder(
                        "prlimit",
                        "--pid",
                        Long.toString(ProcessHandle.current().pid()),
                        "--fsize=" + bytes + ":unlimited")
                .inheritIO()
                .start()
                .waitFor();
        require(status == 0, "prlimit works");
    }

    private static void require(boolean condition, @Nullable String demand) {
        if (!condition) {
            throw new IllegalStateException("failed: " + demand);
        }
    }
}
