package dev.watersmeet.store.drill;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Lets Drill write the rows of a table that are kept as files of Parquet. What {@code CREATE TABLE AS} writes is read half-done by others: so it is written where nobody looks, and gets its name when it is on the disk. A
 * process that dies leaves the table as it was.
 *
 * @param drill the Drillbit
 * @param workspace its workspace, as this process has it
 * @param schema and as Drill has it
 * @param kept the query of the rows
 * @param folder the folder in the workspace that they get
 * @param columns how many columns of fields they have
 */
record Compaction(
        DrillClient drill, Path workspace, String schema, String kept, String folder, int columns, Disk disk) {
    private static final String PARQUET = ".parquet";
    private static final Map<String, String> AS_PARQUET = Map.of("store.format", "parquet");

    /** Does it, and waits until it is done. */
    Sources.Part run() throws IOException, InterruptedException {
        int name = folder.lastIndexOf('/') + 1;
        String draft = folder.substring(0, name) + Disk.UNFINISHED + folder.substring(name);
        Path written = workspace.resolve(draft);
        try {
            drill.run("CREATE TABLE " + Sql.table(schema, draft) + " AS " + kept, AS_PARQUET);
            long bytes = syncAll(written);
            disk.rename(written, workspace.resolve(folder));
            return new Sources.Part(folder, columns, bytes);
        } catch (IOException | RuntimeException | InterruptedException e) {
            disk.deleteTree(written);
            throw e;
        }
    }

    /** Sees that all files are on the disk; answers how long they are together. */
    private long syncAll(Path written) throws IOException {
        List<String> names = Disk.names(written);
        if (names.stream().noneMatch(name -> name.endsWith(PARQUET))) {
            throw new IOException("Drill has written no Parquet to " + written + ": its workspace " + schema
                    + " has to be this folder, and the server has to have the right to read what Drill writes");
        }
        long bytes = 0;
        for (String name : names) {
            try (FileChannel file = FileChannel.open(written.resolve(name), StandardOpenOption.READ)) {
                disk.sync(file);
                bytes += file.size();
            }
        }
        disk.sync(written);
        return bytes;
    }
}
