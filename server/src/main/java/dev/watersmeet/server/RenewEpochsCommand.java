package dev.watersmeet.server;

import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Store;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Ends all cursors of a shared store that was put back from a backup by its own means. */
@Command(
        name = "renew-epochs",
        description = {
            "Ends all cursors of a store that servers share, after its data were put back from a backup and before any server is started:",
            "clients then notice, and give back what the copy lacks. It may be interrupted and called again."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true)
final class RenewEpochsCommand implements Callable<Integer> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:+-]{1,100}");
    private static final int PROGRESS_SPACES = 100;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Option(
            names = "--restored",
            paramLabel = "NAME",
            description =
                    "a name for this restore, as 2026-03-01: with the same one, spaces that are renewed already are left; another restore has another name",
            required = true)
    private String restored = "";

    @Override
    public Integer call() {
        if (!NAME.matcher(restored).matches()) {
            throw wrong("--restored has 1 to 100 letters, digits and any of '.', '_', ':', '+', '-': " + restored);
        }
        try (Store store = open()) {
            if (!store.capabilities().has(Capability.SHARED_BY_INSTANCES)) {
                throw wrong("renew-epochs is for stores that servers share; the command restore does it for the"
                        + " embedded one");
            }
            PrintWriter out = command.commandLine().getOut();
            EpochRenewals.Count count = new EpochRenewals(store, restored).run((space, sofar) -> {
                if (sofar.all() % PROGRESS_SPACES == 0) {
                    out.println(sofar.all() + " spaces so far, up to " + space);
                    out.flush();
                }
            });
            out.println(told(count));
            out.flush();
            return count.failed() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    private Store open() {
        try {
            return options.open();
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private String told(EpochRenewals.Count count) {
        if (count.failed() > 0) {
            return count.failed() + " of " + count.all()
                    + " spaces could not be renewed, the log says why: start no server, and call this again";
        }
        if (count.renewed() == 0 && count.all() > 0) {
            return "all " + count.all() + " spaces were renewed before as " + restored
                    + "; if this is another restore, give it another name";
        }
        return count.renewed() + " of " + count.all() + " spaces are renewed as " + restored;
    }
}
