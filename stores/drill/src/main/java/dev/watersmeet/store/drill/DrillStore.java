package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.ProcessLogStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The way to a store in a folder that any number of servers may share. It does not need Drill, which reads what a {@link Publication} writes beside it. */
public final class DrillStore {
    private static final String FORM = "watersmeet drill store 2\n";

    private DrillStore() {}

    /**
     * Opens the store in a folder, which is made if it is not there.
     *
     * @throws StoreException of kind {@code UNUSABLE} if the folder holds something else, or may not be written to; of kind {@code UNAVAILABLE} if it cannot be reached
     */
    public static Store open(Path folder, DrillOptions options) {
        return open(folder, options, TimeSource.system(), Disk.real());
    }

    static Store open(Path folder, DrillOptions options, TimeSource time, Disk disk) {
        Failures.translating(() -> prepare(folder, disk));
        FolderBackend backend = new FolderBackend(folder, disk, options.maxMemoryBytes());
        backend.deleteLeftovers();
        return ProcessLogStore.open(backend, options.waiting(), time);
    }

    private static void prepare(Path folder, Disk disk) throws IOException {
        disk.createFolder(folder);
        Path form = folder.resolve("store.txt");
        if (!Files.exists(form)) {
            if (!Disk.names(folder).isEmpty() && !Files.exists(form)) { // nor made by another server in this moment
                throw new StoreException(
                        StoreException.Kind.UNUSABLE,
                        folder + " is not empty, and holds no store: name another folder");
            }
            disk.create(form, FORM.getBytes(StandardCharsets.UTF_8));
        }
        String found = Files.readString(form);
        if (!found.equals(FORM)) {
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    folder + " holds a store of another version than this server knows: " + found.strip());
        }
    }
}
