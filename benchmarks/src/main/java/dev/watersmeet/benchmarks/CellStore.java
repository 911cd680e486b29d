package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.DocumentCells;
import java.util.List;

/** Something that keeps cells. Joining may come from many threads where the contender does not read before it writes. */
public interface CellStore extends AutoCloseable {
    /** A batch in the form that joining takes it; made outside of what is measured. */
    Object prepare(List<DocumentCells> batch);

    /** Joins a batch; it is durable when this returns. */
    void join(Object prepared);

    /** Reads everything; the number of cells. */
    long scan();

    /** Leaves on disk what is needed only. */
    void compact();

    @Override
    void close();
}
