package dev.watersmeet.benchmarks.shared;

import dev.watersmeet.benchmarks.CellStore;
import dev.watersmeet.benchmarks.Contender;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.store.Store;
import java.util.List;

/** A server for data, in a process of its own, which our store is measured on, beside what else can be done with it. */
public interface SharedServer extends AutoCloseable {
    /** Our store. */
    Store open();

    /** Without a log, and merging or not: the same cells written by the server's own means. The first is the limit. */
    List<Contender> others();

    /** The cells of a contender, none yet. */
    PlainCells open(Contender contender);

    /** What is compared, how durable it is, and how the server is set up. */
    List<String> notes();

    @Override
    void close();

    /** Cells by the server's own means. Thread-safe. */
    interface PlainCells extends CellStore {
        /** Reads a document; the number of cells. */
        long read(DocumentId document);
    }
}
