package dev.watersmeet.store.embedded;

import dev.watersmeet.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.rocksdb.BackupEngine;
import org.rocksdb.BackupEngineOptions;
import org.rocksdb.BackupInfo;
import org.rocksdb.Env;
import org.rocksdb.RestoreOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** The backups of a folder. RocksDB copies files that never change, each once, with checksums that are compared when it puts them back, and the logs up to where they are. */
final class Backups {
    static {
        RocksDB.loadLibrary();
    }

    private Backups() {}

    /** Adds a backup and deletes all but the latest. */
    static Backup add(Database database, Path folder, int keep) {
        Path content = FolderFormat.BACKUPS.prepare(folder);
        try {
            Files.createDirectories(content);
            FolderFormat.BACKUPS.finish(folder);
        } catch (IOException e) {
            throw unavailable(folder, e);
        }
        try (BackupEngineOptions options = options(content);
                BackupEngine engine = BackupEngine.open(Env.getDefault(), options)) {
            engine.createNewBackup(database.rocks(), true);
            engine.purgeOldBackups(keep);
            engine.garbageCollect(); // of what an interrupted backup left
            return latest(engine).orElseThrow();
        } catch (RocksDBException e) {
            throw unavailable(folder, e);
        }
    }

    /** Copies the latest backup to the folder of a database. */
    static Backup copyLatest(Path folder, Path database) {
        try (BackupEngineOptions options = options(FolderFormat.BACKUPS.existing(folder));
                BackupEngine engine = BackupEngine.open(Env.getDefault(), options);
                RestoreOptions copy = new RestoreOptions(false)) {
            Backup latest = latest(engine)
                    .orElseThrow(() -> new StoreException(
                            StoreException.Kind.UNUSABLE,
                            "the folder " + folder + " holds no complete backup; check its path"));
            engine.restoreDbFromBackup(latest.number(), database.toString(), database.toString(), copy);
            return latest;
        } catch (RocksDBException e) {
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "the latest backup in " + folder + " cannot be restored: " + e.getMessage()
                            + "; check both disks, or take an older copy of the folder",
                    e);
        }
    }

    private static BackupEngineOptions options(Path content) {
        return new BackupEngineOptions(content.toString())
                .setShareTableFiles(true)
                .setShareFilesWithChecksum(true)
                .setSync(true);
    }

    private static Optional<Backup> latest(BackupEngine engine) {
        List<BackupInfo> all = engine.getBackupInfo();
        return all.stream()
                .max(Comparator.comparingInt(BackupInfo::backupId))
                .map(info -> new Backup(info.backupId(), Instant.ofEpochSecond(info.timestamp()), info.size()));
    }

    private static StoreException unavailable(Path folder, Exception e) {
        return new StoreException(
                StoreException.Kind.UNAVAILABLE,
                "a backup to " + folder + " has failed: " + e.getMessage()
                        + "; see that its disk has room and is sound, and try again",
                e);
    }
}
