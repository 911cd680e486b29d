package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes until files may not grow any more, as on a full disk, and checks that what was refused is not there, and what was acknowledged is. A program: its argument is the store's folder. It fails with an
 * exception.
 */
final class FullDiskWriter {
    private static final SpaceId SPACE = SpaceId.of("full");
    private static final String LIMIT_BYTES = "2000000";
    private static final int MAX_BATCHES = 1000;

    private FullDiskWriter() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int acknowledged;
        try (Store store = EmbeddedStore.open(folder)) {
            store.join(SPACE, batch(0));
            limitFiles(LIMIT_BYTES);
            acknowledged = writeUntilRefused(store);
            check(store, acknowledged);
        }
        limitFiles("unlimited");
        try (Store store = EmbeddedStore.open(folder)) {
            check(store, acknowledged);
            store.join(SPACE, batch(MAX_BATCHES));
            require(store.read(SPACE, List.of(first(MAX_BATCHES))).size() == 1, "writing goes on after reopening");
        }
    }

    private static int writeUntilRefused(Store store) {
        for (int n = 1; n < MAX_BATCHES; n++) {
            try {
                store.join(SPACE, batch(n));
            } catch (StoreException e) {
                require(e.kind() == StoreException.Kind.UNAVAILABLE, "a full disk is unavailable, not " + e);
                return n - 1;
            }
        }
        throw new IllegalStateException("the limit had no effect");
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
                new DocumentCells(
                        first(n), Sample.edit("", n, "x".repeat(20_000)).cells()),
                Sample.edit("second" + n, n, "x".repeat(20_000))));
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

    private static void require(boolean condition, String demand) {
        if (!condition) {
            throw new IllegalStateException("failed: " + demand);
        }
    }
}
