package dev.watersmeet.server;

import static dev.watersmeet.server.RefusedCommand.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DrillFolderTest {
    private static final String DRILLBIT = "--drill-url=http://127.0.0.1:1";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private String passwords(String text) throws IOException {
        return "--drill-password-file=" + Files.writeString(folder.resolve("passwords"), text);
    }

    @Test
    void aDrillbitNeedsAFolderToRead() {
        assertRefused(CommandLine.ExitCode.USAGE, "--drill-workspace", "--port=0", "--store=memory", DRILLBIT);
    }

    @Test
    void aPasswordNeedsADrillbitAndAFileOfOneLine() throws IOException {
        assertRefused(CommandLine.ExitCode.USAGE, "--drill-url", "--port=0", "--store=memory", passwords("ann:hush"));
        for (String wrong : new String[] {"ann", ":hush", "ann:hush\nben:hush"}) {
            assertThat(assertRefused(
                            CommandLine.ExitCode.USAGE,
                            "USER:PASSWORD",
                            "--port=0",
                            "--store=memory",
                            "--drill-workspace=" + folder,
                            DRILLBIT,
                            passwords(wrong)))
                    .doesNotContain("hush");
        }
    }

    @Test
    void numbersOutOfTheirBoundsAreNamed() {
        assertRefused(CommandLine.ExitCode.USAGE, "--drill-history-days", "--store=memory", "--drill-history-days=-1");
        assertRefused(
                CommandLine.ExitCode.USAGE, "--drill-publish-millis", "--store=memory", "--drill-publish-millis=0");
        assertRefused(
                CommandLine.ExitCode.USAGE, "--drill-memory", "--store=drill", "--data=" + folder, "--drill-memory=0");
    }
}
