package dev.watersmeet.store.processlogs;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns spaces from one generation to the next: closes the logs, completes them up to where they end, settles on that and on what is dropped, carries it out, and opens the next generation. Each step is a change of the control
 * record, and any process can take over from one that is gone: before it was settled by going back, afterwards by carrying out what is written down. Thread-safe.
 */
final class Turns {
    private static final Logger log = LoggerFactory.getLogger(Turns.class);

    private final Backend backend;
    private final Controls controls;
    private final Tails tails;
    private final Pauses pauses;
    private final long patience;
    private final LongSupplier millis;

    /** What a turn is made for. */
    interface Work {
        /**
         * What is written anew, found when nothing is written any more.
         *
         * @param cut where the logs end
         * @return nothing if the turn is not worth while: then the generation goes on
         */
        Optional<List<Rewritten>> rewrite(VersionVector cut);
    }

    /** @param patience for how many pauses another process is waited for before it is taken over from */
    Turns(Backend backend, Controls controls, Tails tails, Pauses pauses, long patience, LongSupplier millis) {
        this.backend = backend;
        this.controls = controls;
        this.tails = tails;
        this.pauses = pauses;
        this.patience = patience;
        this.millis = millis;
    }

    /** A space that is alive and whose generation is open, as it is now: another process's turn is waited for, and in the end taken over. */
    Held open(Space space) {
        @Nullable Versioned seen = null;
        long waited = 0;
        while (true) {
            Held held = controls.alive(space);
            if (held.control().open()) {
                return held;
            }
            Versioned stored = Objects.requireNonNull(held.stored());
            if (seen == null || seen.version() != stored.version()) {
                seen = stored;
                waited = 0;
            }
            if (waited++ < patience) {
                pauses.pause();
            } else {
                takeOver(space, held);
            }
        }
    }

    private void takeOver(Space space, Held held) {
        if (held.control().phase() == Control.Phase.SETTLED) {
            carryOut(space, held);
        } else {
            reopen(space, held);
        }
    }

    /**
     * Turns a space to its next generation.
     *
     * @param open the space as it was read
     * @param newEpoch the epoch that begins with it; 0 if none does
     * @return how the generation ended; empty if it did not, for want of work or because somebody else was there
     */
    Optional<Turn> turn(Space space, Held open, long newEpoch, Work work) {
        return controls.change(space, open, open.control().in(Control.Phase.CLOSING, 0))
                .flatMap(closed -> settleOrReopen(space, closed, newEpoch, work))
                .map(settled -> carryOut(space, settled));
    }

    private Optional<Held> settleOrReopen(Space space, Held closed, long newEpoch, Work work) {
        Optional<Held> settled = Optional.empty();
        try {
            settled = settle(space, closed, newEpoch, work);
            return settled;
        } finally {
            if (settled.isEmpty()) {
                reopen(space, closed);
            }
        }
    }

    /** Goes back to an open generation, unless somebody else has done so: everything in its logs counts. */
    private void reopen(Space space, Held closed) {
        controls.change(space, closed, closed.control().in(Control.Phase.OPEN, 0));
    }

    private Optional<Held> settle(Space space, Held closed, long newEpoch, Work work) {
        SpaceKey key = closed.key();
        Control control = closed.control();
        if (newEpoch != 0) {
            writeAnew(key, control);
        }
        VersionVector cut = complete(space, closed);
        if (!isClosing(space, closed)) {
            return Optional.empty(); // somebody has taken over: what was read may not be all
        }
        Optional<List<Rewritten>> rewritten = work.rewrite(cut);
        if (rewritten.isEmpty()) {
            return Optional.empty();
        }
        long attempt = controls.draw();
        int pages = putPages(key, control.generation(), attempt, rewritten.get());
        boolean drops = rewritten.get().stream()
                .anyMatch(document -> !document.dropped().cells().isEmpty());
        Recorded recorded = new Recorded(backend, key);
        long last = newEpoch == 0 ? recorded.last(control.logs(), cut) : millis.getAsLong();
        long first = recorded.first(control.logs());
        Turn turn = new Turn(control.logs(), cut, first, last, drops, pages, newEpoch);
        backend.putPage(key, control.generation(), attempt, 0, turn.toBytes());
        return controls.change(space, closed, control.in(Control.Phase.SETTLED, attempt));
    }

    /** Completes the logs of a generation that is closing, to where they really end: not only to their tips, for a writer that has found the generation open counts on its entry. */
    private VersionVector complete(Space space, Held closed) {
        SpaceKey key = closed.key();
        Control control = closed.control();
        Map<Long, Long> ends = new HashMap<>();
        Map<Long, Long> tips = backend.tips(key, control.generation());
        for (long log : control.logs()) {
            long tip = tips.getOrDefault(log, 0L);
            ends.put(log, tails.complete(key, control.generation(), log, tip, () -> isClosing(space, closed)));
        }
        return VersionVector.of(control.logs(), ends);
    }

    /** Whether a generation is still closing, by this process: what its logs have is then within any cut, whoever makes it. After a long pause somebody else may have cut them. */
    private boolean isClosing(Space space, Held closed) {
        @Nullable Versioned now = controls.refresh(space).stored();
        return now != null
                && now.version() == Objects.requireNonNull(closed.stored()).version();
    }

    /** Writes the cells of complete entries anew: a copy of the data that was put back may have the tips of a later moment than the cells. */
    private void writeAnew(SpaceKey key, Control control) {
        Map<Long, Long> tips = backend.tips(key, control.generation());
        control.logs().forEach(log -> tails.writeAnew(key, control.generation(), log, tips.getOrDefault(log, 0L)));
    }

    private int putPages(SpaceKey key, long generation, long attempt, List<Rewritten> rewritten) {
        int pages = 0;
        List<Rewritten> page = new ArrayList<>();
        long bytes = 0;
        for (Rewritten document : rewritten) {
            long size = PageBudget.bytes(document.dropped()) + PageBudget.bytes(document.left());
            if (!page.isEmpty() && bytes + size > Turn.MAX_PAGE_BYTES) {
                backend.putPage(key, generation, attempt, ++pages, Rewritten.toBytes(page));
                page.clear();
                bytes = 0;
            }
            page.add(document);
            bytes += size;
        }
        if (!page.isEmpty()) {
            backend.putPage(key, generation, attempt, ++pages, Rewritten.toBytes(page));
        }
        return pages;
    }

    /** Carries out what was settled: in the same way, whoever does and how often. */
    private Turn carryOut(Space space, Held settled) {
        SpaceKey key = settled.key();
        long generation = settled.control().generation();
        long attempt = settled.control().attempt();
        Turn turn = Turn.parse(page(key, generation, attempt, 0));
        backend.putPage(
                key,
                generation,
                0,
                0,
                ByteBuffer.allocate(Long.BYTES).putLong(attempt).array());
        for (int page = 1; page <= turn.pages(); page++) {
            List<Rewritten> documents = Rewritten.parse(page(key, generation, attempt, page));
            backend.join(
                    key,
                    settled.control().next(turn),
                    documents.stream()
                            .map(Rewritten::left)
                            .filter(left -> !left.cells().isEmpty())
                            .toList());
            List<DocumentId> ids =
                    documents.stream().map(document -> document.left().id()).toList();
            backend.drop(key, generation, ids);
        }
        controls.change(space, settled, settled.control().after(turn));
        return turn;
    }

    /** Opens a generation again that was settled in a copy of the data which lacks what was settled on: it cannot be carried out, and would wait for ever. Only for a copy that was put back. */
    void reopenLost(Space space) {
        Held held = controls.refresh(space);
        Control control = held.control();
        if (control.alive()
                && control.phase() == Control.Phase.SETTLED
                && backend.page(held.key(), control.generation(), control.attempt(), 0) == null) {
            log.warn("{} lacks the pages of a purge that was under way when it was copied: that is given up", space.id);
            reopen(space, held);
        }
    }

    /** How a generation ended; empty if that is not kept any more. */
    Optional<Turn> ended(SpaceKey key, long generation) {
        return attempt(key, generation)
                .map(attempt -> backend.page(key, generation, attempt, 0))
                .map(Turn::parse);
    }

    /** What a page of a generation's end tells; empty if that is not kept any more. */
    Optional<List<Rewritten>> page(SpaceKey key, long generation, int index) {
        return attempt(key, generation)
                .map(attempt -> backend.page(key, generation, attempt, index))
                .map(Rewritten::parse);
    }

    private Optional<Long> attempt(SpaceKey key, long generation) {
        return Optional.ofNullable(backend.page(key, generation, 0, 0))
                .map(bytes -> ByteBuffer.wrap(bytes).getLong());
    }

    private byte[] page(SpaceKey key, long generation, long attempt, int index) {
        byte @Nullable [] page = backend.page(key, generation, attempt, index);
        if (page == null) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE,
                    "page " + index + " of the purge of " + key.space() + " at generation " + generation
                            + " is not there; if this goes on, data were lost: renew the epochs of the spaces");
        }
        return page;
    }
}
