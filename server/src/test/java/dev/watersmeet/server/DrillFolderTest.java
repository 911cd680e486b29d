package dev.watersmeet.server;

import static dev.watersmeet.server.RefusedCommand.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    void whatDoesNothingWithoutAFolderForDrillIsNamed() {
        for (String vain : List.of("--drill-schema=dfs.x", "--drill-publish-millis=50")) {
            for (String store : List.of("--store=memory", "--store=embedded")) {
                assertRefused(
                        CommandLine.ExitCode.USAGE,
                        nameOf(vain)
                                + " goes with a folder that the Drillbit reads: --drill-workspace, or --store=drill",
                        "--port=0",
                        store,
                        vain);
            }
        }
        assertRefused(
                CommandLine.ExitCode.USAGE,
                "--drill-memory goes with --store=drill",
                "--port=0",
                "--store=memory",
                "--drill-workspace=" + folder,
                "--drill-memory=64");
        assertRefused(
                CommandLine.ExitCode.USAGE,
                "--drill-history-days goes with --drill-url",
                "--port=0",
                "--store=drill",
                "--data=" + folder,
                "--drill-history-days=30");
        assertThat(folder).isEmptyDirectory();
    }

    private static String nameOf(String option) {
        return option.substring(0, option.indexOf('='));
    }

    @Test
    void numbersOutOfTheirBoundsAreNamed() {
        String workspace = "--drill-workspace=" + folder;
        assertRefused(
                CommandLine.ExitCode.USAGE,
                "--drill-history-days is at least 0",
                "--store=memory",
                workspace,
                DRILLBIT,
                "--drill-history-days=-1");
        assertRefused(
                CommandLine.ExitCode.USAGE,
                "--drill-publish-millis is at least 1",
                "--store=memory",
                workspace,
                "--drill-publish-millis=0");
        assertRefused(
                CommandLine.ExitCode.USAGE,
                "--drill-memory is at least 1",
                "--store=drill",
                "--data=" + folder,
                "--drill-memory=0");
    }
}
