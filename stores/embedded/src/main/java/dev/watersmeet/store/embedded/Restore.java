package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.store.Maintenance;
import dev.watersmeet.store.SpaceId;
import java.nio.file.Path;
import java.util.List;

/** Putting a backup back. The folder becomes a store at the end, when all its spaces have new epochs; until then it is refused. */
final class Restore {
    private static final int PAGE_SPACES = 1000;

    private Restore() {}

    static Backup run(Path backups, Path folder) {
        FolderFormat.BACKUPS.existing(backups);
        Path database = FolderFormat.STORE.begin(folder);
        Backup restored = Backups.copyLatest(backups, database);
        try (EmbeddedStore store =
                new EmbeddedStore(Database.open(database, EmbeddedOptions.defaults()), TimeSource.system())) {
            renewEpochs(store.maintenance());
        }
        FolderFormat.STORE.finish(folder);
        return restored;
    }

    private static void renewEpochs(Maintenance maintenance) {
        List<SpaceId> page = maintenance.spaces(null, PAGE_SPACES);
        while (!page.isEmpty()) {
            page.forEach(maintenance::renewEpoch);
            page = maintenance.spaces(page.get(page.size() - 1), PAGE_SPACES);
        }
    }
}
