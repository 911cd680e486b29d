package dev.watersmeet.benchmarks.server;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.List;

/** A set of documents of a server, as one client sees it. For one thread. */
interface DocumentSpace {
    /** How many documents a request writes at most. */
    int BATCH = 500;

    /** The requests that write new documents, to be sent one after the other. What is made here is not measured. */
    List<HttpRequest> writes(List<Sample> documents);

    /** The requests that give documents which are there another title, to be sent one after the other. What is made here is not measured. */
    List<HttpRequest> retitles(List<Sample> documents) throws IOException;

    /** The position from where all changes can be read that are made from now on. */
    String position() throws IOException;

    /** Reads as a client that has nothing yet. */
    Reading first() throws IOException;

    /** Reads what has changed since a position. */
    Reading changes(String position) throws IOException;

    /** The request for a stream of what changes from a position on. */
    HttpRequest live(String position);

    /** What each line of that stream has in it that tells of a document, and no other line. */
    String eachChange();

    /**
     * What was read.
     *
     * @param documents how many documents, or changes of some
     * @param bytes of the answers
     */
    record Reading(long documents, long bytes) {
        Reading plus(Reading other) {
            return new Reading(documents + other.documents, bytes + other.bytes);
        }
    }
}
