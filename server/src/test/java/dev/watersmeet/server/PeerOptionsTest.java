package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PeerOptionsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    /** How the command that is called wrongly ends, and what it says. */
    private static void assertRefused(int code, String said, String... arguments) {
        StringWriter errors = new StringWriter();
        CommandLine command = new CommandLine(new Main()).setErr(new PrintWriter(errors));
        assertThat(command.execute(arguments)).isEqualTo(code);
        assertThat(errors.toString()).contains(said).doesNotContain("a weak secret");
    }

    private String secret(String text) throws IOException {
        return "--peer-secret-file=" + Files.writeString(folder.resolve("secret"), text);
    }

    @Test
    void peersNeedASecretThatCannotBeGuessed() throws IOException {
        assertRefused(CommandLine.ExitCode.USAGE, "--peer-secret-file", "--peer=http://10.0.0.2:8080");
        assertRefused(CommandLine.ExitCode.USAGE, "32", "--store=memory", secret("a weak secret"));
        assertRefused(CommandLine.ExitCode.SOFTWARE, "is not there", "--peer-secret-file=" + folder.resolve("none"));
    }

    @Test
    void peersNeedAnAddressAndAStoreThatServersShare() throws IOException {
        String secret = secret("x".repeat(32) + "\n");
        assertRefused(CommandLine.ExitCode.USAGE, "10.0.0.2", secret, "--peer=10.0.0.2:8080");
        assertRefused(CommandLine.ExitCode.USAGE, "share", secret, "--store=memory");
    }
}
