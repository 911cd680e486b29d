package dev.watersmeet.store.embedded;

import static java.util.Comparator.comparing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;

/** The write-ahead log that a store wrote last: what becomes of it when the power fails. */
record LastLog(Path file) {
    static LastLog of(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("rocksdb"))) {
            return new LastLog(files.filter(file -> file.toString().endsWith(".log"))
                    .max(comparing(Path::toString))
                    .orElseThrow());
        }
    }

    long length() throws IOException {
        return Files.size(file);
    }

    /** Loses some of what was not synced, and puts there what a disk may find instead: nothing, zeros, or any bytes. */
    void losePower(long synced, Random random) throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "rw")) {
            long end = log.length();
            long cut = synced + (long) (random.nextDouble() * (end - synced + 1));
            log.setLength(cut);
            byte[] tail = new byte[random.nextInt(100_000)];
            switch (random.nextInt(3)) {
                case 0 -> {}
                case 1 -> append(log, cut, tail);
                default -> {
                    random.nextBytes(tail);
                    append(log, cut, tail);
                }
            }
        }
    }

    private static void append(RandomAccessFile log, long at, byte[] tail) throws IOException {
        log.seek(at);
        log.write(tail);
    }
}
