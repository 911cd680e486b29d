package dev.watersmeet.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With the defaults, a process with half of 512 MB as its heap stays within 576 MB, however much is written and read. */
class MemoryTest {
    private static final String BATCHES = "1".equals(System.getenv("WATERSMEET_LONG")) ? "1500" : "250";
    private static final long MAX_RESIDENT_KIB = 576L << 10;

    @TempDir
    Path temporary;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void memoryIsBoundedWhateverIsWritten() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "needs /proc to know the resident memory");
        Path output = temporary.resolve("output");

        Process writer = Forked.startWith(
                "-Xmx256m", MemoryWriter.class, temporary, output, temporary.resolve("store"), BATCHES);

        assertThat(writer.waitFor()).as(Files.readString(output)).isZero();
        long peak = Long.parseLong(Files.readString(output).strip());
        assertThat(peak).as("peak of resident memory in KiB").isLessThan(MAX_RESIDENT_KIB);
    }
}
