package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** The command, called wrongly. */
final class RefusedCommand {
    private RefusedCommand() {}

    /** Calls it, which has to end with a code, and say something. Returns all that it says. */
    static String assertRefused(int code, String said, String... arguments) {
        StringWriter errors = new StringWriter();
        CommandLine command = new CommandLine(new Main()).setErr(new PrintWriter(errors));
        assertThat(command.execute(arguments)).isEqualTo(code);
        assertThat(errors.toString()).contains(said);
        return errors.toString();
    }
}
