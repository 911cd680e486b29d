package dev.watersmeet.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processes that write until they are killed, one after the other. The next one warms up while the last one's work is checked. */
final class CrashedWriters implements AutoCloseable {
    private final Path temporary;
    private final Path unpacked;
    private final Path folder;
    private final int threads;
    private int run;
    private Process next;

    CrashedWriters(Path temporary, Path folder, int threads) throws IOException {
        this.temporary = temporary;
        this.unpacked = Files.createDirectories(temporary.resolve("unpacked"));
        this.folder = folder;
        this.threads = threads;
        this.next = start();
    }

    private Process start() throws IOException {
        run++;
        return Forked.start(CrashWriter.class, unpacked, output(run), folder, acknowledgements(run), run, threads);
    }

    private Path output(int number) {
        return temporary.resolve("output-" + number);
    }

    private Path acknowledgements(int number) {
        return temporary.resolve("acknowledged-" + number);
    }

    /**
     * Lets a writer begin, and kills it so that it cannot clean up.
     *
     * @param writing whether its life counts from its first acknowledgement, rather than from when it opens the store
     * @return the file of its acknowledgements
     */
    Path killNext(boolean writing, int lifeMillis) throws IOException, InterruptedException {
        Process writer = next;
        int number = run;
        try {
            writer.getOutputStream().write('\n');
            writer.getOutputStream().flush();
            while (writing && !isWritten(acknowledgements(number))) {
                assertThat(writer.isAlive())
                        .as(Files.readString(output(number)))
                        .isTrue();
                Thread.sleep(2);
            }
            Thread.sleep(lifeMillis);
            assertThat(writer.isAlive()).as(Files.readString(output(number))).isTrue();
        } finally {
            writer.destroyForcibly().waitFor();
        }
        next = start();
        return acknowledgements(number);
    }

    private static boolean isWritten(Path file) throws IOException {
        return Files.exists(file) && Files.size(file) > 0;
    }

    @Override
    public void close() {
        next.destroyForcibly();
        next.onExit().join();
    }
}
