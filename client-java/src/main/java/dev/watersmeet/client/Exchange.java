package dev.watersmeet.client;

import dev.watersmeet.crdt.Conflict;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One exchange with the server: settles what was on its way, reads what was not read, pushes what is pending. Run by one thread at a time. */
final class Exchange {
    /** How often a refusal is settled and the exchange tried again before it is the caller's problem. */
    private static final int MAX_RECOVERIES = 3;

    /** What a refusal may ask for that an exchange does by itself. */
    private static final Set<ProblemCode.Retry> GOING_ON = EnumSet.of(
            ProblemCode.Retry.SETTLE, ProblemCode.Retry.PULL, ProblemCode.Retry.RESYNC, ProblemCode.Retry.REOFFER);

    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    private final Replica replica;
    private final Transport transport;
    private final ServerSchema schema;
    private final @Nullable ConflictListener conflicts;

    /** Something was purged that this replica has not read of: it reads before it pushes (P-21). */
    private boolean behind;

    Exchange(Replica replica, Transport transport, ServerSchema schema, @Nullable ConflictListener conflicts) {
        this.replica = replica;
        this.transport = transport;
        this.schema = schema;
        this.conflicts = conflicts;
    }

    void run() {
        replica.askAgain();
        for (int recoveries = 0; ; recoveries++) {
            try {
                attempt();
                return;
            } catch (ProblemException e) {
                if (!recover(e.problem()) || recoveries == MAX_RECOVERIES) {
                    throw e;
                }
                log.debug("going on after {}", e.getMessage());
            }
        }
    }

    private void attempt() {
        if (replica.needsSnapshot()) {
            readSnapshot();
        }
        int due = replica.due(); // what is edited from now on may wait for the next exchange
        boolean more = behind || (conflicts != null && due > 0);
        while (more) { // what is pushed hides what it wins over: who wants to hear of it reads first
            more = roundTrip(null);
        }
        behind = false;
        do {
            if (replica.hasTwin()) {
                goOnUnderAnotherId();
                due = replica.due();
            }
            replica.correctStamps();
            Push push = replica.nextPush();
            try {
                more = roundTrip(push);
                due = push == null ? 0 : due - push.documents().size();
                if (replica.correctStamps()) {
                    due = replica.due(); // what was refused as from the future goes again
                }
            } catch (ProblemException e) {
                if (push == null || !replica.split(e.problem())) {
                    throw e;
                }
                log.debug("pushing less at once after {}", e.getMessage());
                due = replica.due();
            }
        } while (more || due > 0 || replica.hasTwin());
    }

    /** Reads all there is, which shows what has arrived of what was sent, and takes another id (P-28). */
    private void goOnUnderAnotherId() {
        boolean more = true;
        while (more) {
            more = roundTrip(null);
        }
        replica.takeNewId();
    }

    /** Reads all there is, from where the last attempt stopped (P-12). */
    private void readSnapshot() {
        do {
            String position = replica.position();
            SnapshotPage page = transport.snapshot(replica.id(), position);
            schema.noticed(page.schema());
            if (position == null) {
                replica.settle(page.last()); // P-6
            }
            tell(replica.apply(page));
        } while (replica.needsSnapshot());
    }

    /** Pushes and pulls. Returns whether there is more to be read. */
    private boolean roundTrip(@Nullable Push push) {
        SyncAnswer answer = transport.sync(new SyncRequest(replica.id(), replica.cursor(), true, push));
        schema.noticed(answer.schema());
        if (push != null && answer.push() == null) {
            throw new UncheckedIOException(
                    new IOException("the server does not say what became of push " + push.number()));
        }
        Page page = answer.changes();
        boolean drops = page != null && !page.dropped().isEmpty();
        if (drops && push == null && replica.isUnsettled()) {
            return roundTrip(replica.nextPush()); // what was sent is settled before anything is dropped (P-21)
        }
        if (drops && push != null) {
            replica.settle(answer.push());
        }
        Map<DocumentId, List<Conflict>> met = page == null ? Map.of() : replica.apply(page);
        if (!drops && push != null) {
            replica.settle(answer.push()); // after what has changed is applied (M-38)
        }
        tell(met);
        if (page == null) {
            throw new UncheckedIOException(
                    new IOException("the server does not answer the changes that were asked for"));
        }
        return page.more();
    }

    /** A listener that throws is the application's own error: the exchange goes on. */
    private void tell(Map<DocumentId, List<Conflict>> met) {
        if (conflicts == null) {
            return;
        }
        met.forEach((document, found) -> found.forEach(conflict -> {
            try {
                conflicts.onConflict(document, conflict);
            } catch (RuntimeException e) {
                log.error("the listener for conflicts failed at {}: {}", document, conflict, e);
            }
        }));
    }

    /** Settles by what a refusal tells (P-6), so that the next attempt can succeed. Returns whether it can. */
    private boolean recover(Problem problem) {
        ProblemCode.Retry retry = problem.code().retry();
        boolean goesOn = GOING_ON.contains(retry);
        if (retry == ProblemCode.Retry.REOFFER) {
            replica.keepWhatIsLost();
        }
        if (goesOn && problem.tellsLast()) {
            replica.settle(problem.last());
        }
        behind |= retry == ProblemCode.Retry.PULL;
        if (retry == ProblemCode.Retry.RESYNC
                || (problem.code() == ProblemCode.MALFORMED && replica.position() != null)) {
            replica.startOver(); // also a snapshot that the server cannot go on with
        }
        return goesOn;
    }
}
