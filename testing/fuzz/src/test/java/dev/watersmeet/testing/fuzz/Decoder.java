package dev.watersmeet.testing.fuzz;

import dev.watersmeet.store.embedded.StoredForms;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Something that reads bytes or texts of others, with what has to hold of any input: it is refused with the exception that is documented, or what is read comes back the same when it is written and read again.
 *
 * @param check checks one input; throws an {@link AssertionError}, or whatever the decoder must not throw, if something does not hold
 * @param begin inputs to begin with
 */
record Decoder(Consumer<byte[]> check, Supplier<List<byte[]>> begin) {
    static final Decoder SYNC_REQUEST = new Decoder(Messages.SYNC_REQUEST::check, Seeds::syncRequests);
    static final Decoder SYNC_ANSWER = new Decoder(Messages.SYNC_ANSWER::check, Seeds::syncAnswers);
    static final Decoder PAGE = new Decoder(Messages.PAGE::check, Seeds::pages);
    static final Decoder SNAPSHOT = new Decoder(Messages.SNAPSHOT::check, Seeds::snapshots);
    static final Decoder PROBLEM = new Decoder(Messages::checkProblem, Seeds::problems);
    static final Decoder OUTCOME = new Decoder(Messages::checkOutcome, Seeds::outcomes);
    static final Decoder VALUE = new Decoder(Texts::checkValue, Seeds::values);
    static final Decoder PATH = new Decoder(Texts::checkPath, Seeds::paths);
    static final Decoder STAMP = new Decoder(Texts::checkStamp, Seeds::stamps);
    static final Decoder REPLICA_ID = new Decoder(Texts::checkReplicaId, Seeds::stamps);
    static final Decoder SPACE_ID = new Decoder(Texts::checkSpaceId, Seeds::names);
    static final Decoder SCHEMA = new Decoder(Texts::checkSchema, Seeds::schemas);
    static final Decoder CELL_BYTES = new Decoder(StoredBytes::checkCell, StoredBytes::cells);
    static final Decoder EMBEDDED_LOG_ENTRY = new Decoder(StoredForms::checkLogEntry, StoredBytes::logEntries);
    static final Decoder EMBEDDED_MARK = new Decoder(StoredForms::checkMark, StoredBytes::marks);
    static final Decoder EMBEDDED_HEAD = new Decoder(StoredForms::checkHead, StoredBytes::heads);
    static final Decoder EMBEDDED_KEY = new Decoder(StoredForms::checkKey, StoredBytes::keys);
    static final Decoder CURSOR = new Decoder(Positions::check, Positions::seeds);
    static final Decoder TOKEN = new Decoder(Tokens::check, Tokens::seeds);
    static final Decoder FEED_REQUEST = new Decoder(Messages::checkFeedRequest, Seeds::feedRequests);

    /** All of them. New ones come at the end: the first byte of an input that was found is a place in this list. */
    static final List<Decoder> ALL = List.of(
            SYNC_REQUEST,
            SYNC_ANSWER,
            PAGE,
            SNAPSHOT,
            PROBLEM,
            OUTCOME,
            VALUE,
            PATH,
            STAMP,
            REPLICA_ID,
            SPACE_ID,
            SCHEMA,
            CELL_BYTES,
            EMBEDDED_LOG_ENTRY,
            EMBEDDED_MARK,
            EMBEDDED_HEAD,
            EMBEDDED_KEY,
            CURSOR,
            TOKEN,
            FEED_REQUEST);

    void check(byte[] input) {
        check.accept(input);
    }

    List<byte[]> seeds() {
        return begin.get();
    }
}
