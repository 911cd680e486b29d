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

/** Backs up the store of a server that is stopped. One that runs takes its own backups. */
@Command(
        name = "backup",
        description =
                "Adds a backup of a stopped server's store to a folder. For a running server, start it with --backup.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true)
final class BackupCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "the folder of the embedded store",
            defaultValue = "watersmeet-data")
    private Path data = Path.of("");

    @Option(names = "--to", paramLabel = "FOLDER", description = "the folder of this store's backups", required = true)
    private Path to = Path.of("");

    @Option(
            names = "--keep",
            paramLabel = "COUNT",
            description = "how many backups stay, with this one",
            defaultValue = "7")
    private int keep;

    @Override
    public Integer call() {
        if (keep < 1) {
            throw new CommandLine.ParameterException(command.commandLine(), "--keep is at least 1: " + keep);
        }
        try (EmbeddedStore store = EmbeddedStore.openExisting(data)) {
            Backup backup = store.backUp(to, keep);
            command.commandLine()
                    .getOut()
                    .println("backup " + backup.number() + " of " + data + " is in " + to + ": " + backup.bytes()
                            + " bytes");
        }
        return CommandLine.ExitCode.OK;
    }
}
