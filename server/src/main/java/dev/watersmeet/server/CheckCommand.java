package dev.watersmeet.server;

import dev.watersmeet.store.embedded.EmbeddedStore;
import dev.watersmeet.store.embedded.Integrity;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks all that a stopped server's store holds. Exits with 1 if something is wrong. */
@Command(
        name = "check",
        description = "Reads all that a stopped server's store holds, and tells what is wrong with it.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true)
final class CheckCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "the folder of the embedded store",
            defaultValue = "watersmeet-data")
    private Path data = Path.of("");

    @Override
    public Integer call() {
        try (EmbeddedStore store = EmbeddedStore.openExisting(data)) {
            Integrity integrity = store.checkIntegrity();
            PrintWriter out = command.commandLine().getOut();
            out.println(data + ": " + integrity.spaces() + " spaces, " + integrity.cells() + " cells, "
                    + integrity.entries() + " entries of logs");
            integrity.problems().forEach(out::println);
            out.println(
                    integrity.isSound()
                            ? "nothing is wrong"
                            : integrity.problems().size() + " problems: restore a backup");
            return integrity.isSound() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }
}
