package dev.watersmeet.server;

import static dev.watersmeet.server.RefusedCommand.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PeerOptionsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private String secret(String text) throws IOException {
        return "--peer-secret-file=" + Files.writeString(folder.resolve("secret"), text);
    }

    @Test
    void peersNeedASecretThatCannotBeGuessed() throws IOException {
        assertRefused(CommandLine.ExitCode.USAGE, "--peer-secret-file", "--peer=http://10.0.0.2:8080");
        assertThat(assertRefused(CommandLine.ExitCode.USAGE, "32", "--store=memory", secret("a weak secret")))
                .doesNotContain("a weak secret");
        assertRefused(CommandLine.ExitCode.SOFTWARE, "is not there", "--peer-secret-file=" + folder.resolve("none"));
    }

    @Test
    void peersNeedAnAddressAndAStoreThatServersShare() throws IOException {
        String secret = secret("x".repeat(32) + "\n");
        assertRefused(CommandLine.ExitCode.USAGE, "10.0.0.2", secret, "--peer=10.0.0.2:8080");
        assertRefused(CommandLine.ExitCode.USAGE, "share", secret, "--store=memory");
    }
}
