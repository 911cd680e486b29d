package dev.watersmeet.server;

import dev.watersmeet.store.embedded.Backup;
import dev.watersmeet.store.embedded.EmbeddedStore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a store of the latest backup. */
@Command(
        name = "restore",
        description = "Makes a store of the latest backup in a folder, and ends all cursors that were given out.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true)
final class RestoreCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Option(names = "--from", paramLabel = "FOLDER", description = "the folder of the backups", required = true)
    private Path from = Path.of("");

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "the folder of the embedded store: a new or empty one",
            defaultValue = "watersmeet-data")
    private Path data = Path.of("");

    @Override
    public Integer call() {
        Backup backup = EmbeddedStore.restore(from, data);
        command.commandLine()
                .getOut()
                .println("backup " + backup.number() + ", taken at " + backup.taken() + ", is restored to " + data);
        return CommandLine.ExitCode.OK;
    }
}
