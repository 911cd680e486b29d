package dev.watersmeet.benchmarks.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Threads that write at the same time, as the requests of a server do. */
final class Writers {
    private static final int COUNT = 8;

    private Writers() {}

    /** Has each batch written once; the nanoseconds that all took. */
    static <T> long run(List<T> batches, Consumer<T> write) {
        Queue<T> left = new ConcurrentLinkedQueue<>(batches);
        ExecutorService threads = Executors.newFixedThreadPool(COUNT);
        try {
            long start = System.nanoTime();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                running.add(threads.submit(() -> {
                    for (@Nullable T next = left.poll(); next != null; next = left.poll()) {
                        write.accept(next);
                    }
                }));
            }
            for (Future<?> writer : running) {
                writer.get();
            }
            return System.nanoTime() - start;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("writing failed", e.getCause());
        } finally {
            threads.shutdown();
        }
    }
}
