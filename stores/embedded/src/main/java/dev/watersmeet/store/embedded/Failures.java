package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.store.StoreException;
import java.nio.BufferUnderflowException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What RocksDB's failures become for the store's callers: which folder, and what to do. */
final class Failures {
    private static final String TOO_LARGE_FILE = "File too large"; // a limit of the process, not of the disk

    private Failures() {}

    /** Why a database was not opened. */
    static StoreException refusal(Path folder, Exception e) {
        String message = Objects.requireNonNullElse(e.getMessage(), "no reason is given");
        if (message.contains("LOCK:")) {
            return inUse(folder, e);
        }
        if (e instanceof RocksDBException failed && isNoRoom(failed)) {
            return noRoom(folder, e);
        }
        return unopened(folder, message, e);
    }

    static StoreException inUse(Path folder, @Nullable Exception cause) {
        return new StoreException(
                StoreException.Kind.UNUSABLE,
                "the database in " + folder
                        + " is open already, here or in another process; close that, or choose another folder",
                cause);
    }

    static StoreException damagedLog(Path folder, WriteAheadLogs.Torn damage) {
        return unopened(
                folder,
                "its log " + damage.log().getFileName() + " is damaged behind byte " + damage.end()
                        + ", and not only at its end",
                null);
    }

    private static StoreException unopened(Path folder, String why, @Nullable Exception cause) {
        return new StoreException(
                StoreException.Kind.UNUSABLE,
                "the database in " + folder + " cannot be opened: " + why
                        + "; check the folder's permissions and disk, or restore it from a backup",
                cause);
    }

    /** Why a call on an open database has failed. */
    static StoreException failure(Path folder, Exception e) {
        if (e instanceof MalformedException || e instanceof BufferUnderflowException) {
            return damaged(folder, e);
        }
        if (e instanceof RocksDBException failed) {
            if (isCorruption(failed)) {
                return damaged(folder, e);
            }
            if (isNoRoom(failed)) {
                return noRoom(folder, e);
            }
        }
        return new StoreException(
                StoreException.Kind.UNAVAILABLE,
                "the database in " + folder + " has failed: " + e.getMessage()
                        + "; see that its disk is sound; if this goes on, restart the process",
                e);
    }

    static StoreException noRoom(Path folder, @Nullable Exception cause) {
        return new StoreException(
                StoreException.Kind.UNAVAILABLE,
                "the disk of the database in " + folder + " has no room; free some, and writing goes on by itself",
                cause);
    }

    static StoreException damaged(Path folder, Exception cause) {
        return new StoreException(
                StoreException.Kind.UNUSABLE,
                "the database in " + folder + " is damaged: " + cause.getMessage() + "; restore it from a backup",
                cause);
    }

    static boolean isNoRoom(RocksDBException e) {
        Status status = e.getStatus();
        return (status != null && status.getSubCode() == Status.SubCode.NoSpace)
                || Objects.requireNonNullElse(e.getMessage(), "").contains(TOO_LARGE_FILE);
    }

    static boolean isCorruption(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption;
    }
}
