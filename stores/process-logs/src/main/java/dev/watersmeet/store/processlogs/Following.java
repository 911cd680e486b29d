package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.StoreException;
import java.util.List;
import java.util.Optional;

/** Reads what changed after a cursor: the logs of its generation as far as they are complete, what the generation's end has dropped, the logs of the next one. Thread-safe. */
final class Following {
    private static final int MAX_ATTEMPTS = 50;

    private final Backend backend;
    private final Controls controls;
    private final Turns turns;
    private final Logs logs;

    Following(Backend backend, Controls controls, Turns turns, Logs logs) {
        this.backend = backend;
        this.controls = controls;
        this.turns = turns;
        this.logs = logs;
    }

    CursorState check(Space space, Cursor cursor) {
        Held held = controls.refresh(space);
        CursorState state = Point.state(cursor, held.control());
        boolean goesOn = state == CursorState.CURRENT || state == CursorState.BEFORE_PURGE;
        return goesOn
                        && !logs.hold(
                                space, held, Point.parse(cursor, held.control()).orElseThrow())
                ? CursorState.EXPIRED
                : state;
    }

    Changes changes(Space space, Cursor after, int limit) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Held held = controls.refresh(space);
            Point point = Point.parse(after, held.control()).orElseThrow(() -> Point.expired(after));
            Optional<Changes> page = page(space, held, point, limit);
            if (page.isPresent()) {
                return page.get();
            }
        }
        throw new StoreException(
                StoreException.Kind.UNAVAILABLE,
                "the logs of " + space.id + " have lacked entries " + MAX_ATTEMPTS
                        + " times; if this goes on, data were lost: renew the epochs of the spaces");
    }

    /**
     * A page; empty if what it needs was deleted or written meanwhile, and the space has to be looked at again.
     *
     * @throws StoreException of kind {@code CURSOR_EXPIRED} if there is not what the point has read; see {@link Logs#hold}
     */
    private Optional<Changes> page(Space space, Held held, Point point, int limit) {
        Control control = held.control();
        if (point.generation() == control.generation()) {
            VersionVector tips = logs.tips(space, held);
            requireHeld(tips.covers(point.read()), point);
            return read(held, control.logs(), point, tips, limit)
                    .map(page -> page.changes(!page.read().covers(tips)));
        }
        Optional<Turn> ended = turns.ended(held.key(), point.generation());
        requireHeld(ended.isPresent() && ended.get().holds(point), point);
        return ended.flatMap(turn -> point.page() > 0
                ? dropped(held, point, turn)
                : read(held, turn.logs(), point, turn.cut(), limit)
                        .flatMap(page -> page.isEmpty() && page.read().covers(turn.cut())
                                ? afterLogs(space, held, point, turn, limit)
                                : Optional.of(page.changes(true))));
    }

    private static void requireHeld(boolean held, Point point) {
        if (!held) {
            throw Point.expired(point.cursor());
        }
    }

    private Optional<LogPage> read(Held held, List<Long> ids, Point from, VersionVector ends, int limit) {
        return LogPage.read(backend, held.key(), ids, from, ends, limit);
    }

    private Optional<Changes> afterLogs(Space space, Held held, Point point, Turn turn, int limit) {
        return turn.drops() ? dropped(held, point.atPage(1), turn) : page(space, held, point.nextGeneration(), limit);
    }

    private Optional<Changes> dropped(Held held, Point point, Turn turn) {
        boolean last = point.page() >= turn.pages();
        Point next = last ? point.nextGeneration() : point.atPage(point.page() + 1);
        boolean more = !last
                || held.control().generation() > next.generation()
                || !held.control().logs().isEmpty();
        return turns.page(held.key(), point.generation(), point.page())
                .map(page -> Changes.purged(
                        page.stream()
                                .map(Rewritten::dropped)
                                .filter(dropped -> !dropped.cells().isEmpty())
                                .toList(),
                        next.cursor(),
                        more));
    }
}
