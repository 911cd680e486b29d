package dev.watersmeet.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
    @TempDir
    Path temporary;

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void aWriteThatFailsIsRefusedAndLeavesNothingByHalves() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "needs prlimit to limit the size of files");
        Path output = temporary.resolve("output");

        Process writer = Forked.start(FullDiskWriter.class, temporary, output, temporary.resolve("store"));

        assertThat(writer.waitFor()).as(Files.readString(output)).isZero();
    }
}
