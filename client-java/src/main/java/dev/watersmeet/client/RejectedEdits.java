package dev.watersmeet.client;

import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.Rejection;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The edits that were refused, until the application takes them: the newest. Guarded by the replica's lock. */
final class RejectedEdits {
    /** How many are kept. */
    static final int MAX = 10_000;

    private static final Logger log = LoggerFactory.getLogger(RejectedEdits.class);

    private final Deque<RejectedEdit> kept = new ArrayDeque<>();

    /** Keeps one more. */
    void keep(Rejection rejection, Optional<Value> record) {
        log.warn(
                "the edit of {} was refused: {}: {}",
                rejection.id(),
                rejection.code().text(),
                rejection.detail());
        kept.addLast(new RejectedEdit(rejection.id(), rejection.code(), rejection.detail(), record));
        if (kept.size() > MAX) {
            RejectedEdit oldest = kept.removeFirst();
            log.warn("more than {} rejected edits: that of {} is forgotten", MAX, oldest.document());
        }
    }

    List<RejectedEdit> list() {
        return List.copyOf(kept);
    }

    /** All, which are kept no longer. */
    List<RejectedEdit> take() {
        List<RejectedEdit> taken = list();
        kept.clear();
        return taken;
    }
}
