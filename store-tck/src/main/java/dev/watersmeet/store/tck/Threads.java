package dev.watersmeet.store.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs writers and readers at the same time. */
final class Threads {
    private Threads() {}

    /** What one of several writers does. */
    @FunctionalInterface
    interface Writer {
        void write(int writer) throws Exception;
    }

    /** What a reader does again and again. */
    @FunctionalInterface
    interface Reader {
        void read() throws Exception;
    }

    /** Runs writers 0 to n − 1, and the readers over and over until the last writer is done, then once more. The first failure is thrown. */
    static void run(int writers, Writer writer, Reader... readers) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(writers + readers.length);
        AtomicBoolean writing = new AtomicBoolean(true);
        try {
            List<Future<?>> written = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                int number = i;
                written.add(threads.submit(done(() -> writer.write(number))));
            }
            List<Future<?>> read = new ArrayList<>();
            for (Reader reader : readers) {
                read.add(threads.submit(done(() -> {
                    while (writing.get()) {
                        reader.read();
                    }
                    reader.read();
                })));
            }
            try {
                await(written);
            } finally {
                writing.set(false);
            }
            await(read);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Callable<Boolean> done(Reader task) {
        return () -> {
            task.read();
            return true;
        };
    }

    private static void await(List<Future<?>> futures) throws Exception {
        for (Future<?> future : futures) {
            try {
                future.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error failure) {
                    throw failure;
                }
                throw e;
            }
        }
    }
}
