package dev.watersmeet.benchmarks.server;

import java.io.IOException;

/** A server that keeps documents and tells of changes, in a process of its own. */
interface DocumentServer extends AutoCloseable {
    /** A set of documents, empty yet, which clients read and write as one. */
    DocumentSpace create(String name) throws IOException;

    @Override
    void close();
}
