package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a workspace of Drill in step with a store, whichever that is: for each collection a view of its documents, and {@code watersmeet_cells} and {@code watersmeet_history}. Nothing waits for a Drillbit, which only compacts. Where
 * several processes publish to one workspace, one does, and the next one when that has ended. Thread-safe.
 */
public final class Publication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    private final Path workspace;
    private final Publisher publisher;
    private final long intervalMillis;
    private final ExecutorService compaction = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "watersmeet-drill-compaction");
        thread.setDaemon(true);
        return thread;
    });
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    /** Whether the last round has failed; of the thread. */
    private boolean failing;

    private Publication(Store store, Path workspace, Schema schema, PublicationOptions options, Disk disk) {
        this.workspace = workspace;
        this.publisher = new Publisher(store, workspace, schema, options, disk, TimeSource.system(), compaction);
        this.intervalMillis = options.interval().toMillis();
        this.thread = new Thread(this::run, "watersmeet-publication");
        thread.setDaemon(true);
    }

    /**
     * Begins to publish.
     *
     * @param store what is published; it stays the caller's to close, which ends this, too
     * @param workspace the folder that Drill has as a workspace
     * @param schema how documents are read
     * @throws StoreException if the folder cannot be made
     */
    public static Publication start(Store store, Path workspace, Schema schema, PublicationOptions options) {
        Disk disk = Disk.real();
        Failures.translating(() -> disk.createFolder(workspace));
        Publication publication = new Publication(store, workspace, schema, options, disk);
        publication.thread.start();
        return publication;
    }

    private void run() {
        try {
            do {
                publishWhileFirst();
            } while (!isClosedAfterPause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // somebody wants the thread to end
        } finally {
            compaction.shutdownNow();
        }
    }

    private boolean isClosedAfterPause() throws InterruptedException {
        return closed.await(intervalMillis, TimeUnit.MILLISECONDS);
    }

    private void publishWhileFirst() throws InterruptedException {
        try (FileChannel file = FileChannel.open(
                workspace.resolve(Disk.UNFINISHED + "publisher"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            @Nullable FileLock lock = lock(file);
            while (lock != null && closed.getCount() > 0) {
                round();
                closed.await(intervalMillis, TimeUnit.MILLISECONDS);
            }
        } catch (IOException e) {
            LOG.warn("nothing can be published to {} now", workspace, e);
        }
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // somebody in this process
        }
    }

    private void round() {
        try {
            publisher.round();
            if (failing) {
                LOG.info("publishing to {} goes on", workspace);
            }
            failing = false;
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.CLOSED) {
                closed.countDown(); // nothing comes any more
            } else {
                failed(e);
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    /** Tells of the first of many failures. */
    private void failed(Exception e) {
        if (failing) {
            LOG.debug("publishing to {} still fails", workspace, e);
        } else {
            LOG.warn("publishing to {} has failed, and begins anew until it succeeds", workspace, e);
        }
        failing = true;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
