package dev.watersmeet.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A write that finds no room is refused, leaves nothing by halves, and writing goes on when there is room, without opening the store anew. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FullDiskTest {
    @TempDir
    Path temporary;

    @Test
    void aLimitOnTheSizeOfFilesIsSurvived() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "needs prlimit to limit the size of files");

        write(temporary.resolve("store"), "limit");
    }

    @Test
    void aFullDiskIsSurvived() throws Exception {
        Path disk = Files.createDirectory(temporary.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", disk.toString()),
                "needs the right to mount a small disk");
        try {
            write(disk.resolve("store"), "disk");
        } finally {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    private void write(Path store, String how) throws Exception {
        Path output = temporary.resolve("output");
        Process writer = Forked.start(FullDiskWriter.class, temporary, output, store, how);
        assertThat(writer.waitFor()).as(Files.readString(output)).isZero();
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such command
        }
    }
}
