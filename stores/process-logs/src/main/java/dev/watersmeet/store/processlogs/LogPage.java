package dev.watersmeet.store.processlogs;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.PageBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A page of changes, put together from several logs: of each what comes next, entries only after those that they depend on. So wherever it ends, no entry is in it whose writer knew one that is not: a deletion would be there
 * before what it does not mean, and take it along.
 */
final class LogPage {
    private static final int CHUNK = 100;

    private final Backend backend;
    private final SpaceKey space;
    private final List<Long> ids;
    private final VersionVector ends;
    private final PageBudget budget;
    private final List<Deque<byte[]>> fetched = new ArrayList<>();
    private final Map<DocumentId, DocumentState> documents = new LinkedHashMap<>();
    private Point point;
    private boolean incomplete;

    private LogPage(Backend backend, SpaceKey space, List<Long> ids, Point from, VersionVector ends, int limit) {
        this.backend = backend;
        this.space = space;
        this.ids = ids;
        this.ends = ends;
        this.budget = PageBudget.of(limit);
        this.point = from;
        ids.forEach(id -> fetched.add(new ArrayDeque<>()));
    }

    /**
     * Reads a page.
     *
     * @param ids the logs of a generation
     * @param from where it begins
     * @param ends up to where each log may be read
     * @return empty if entries were not there: the logs were deleted, or something has been written since the ends were read
     */
    static Optional<LogPage> read(
            Backend backend, SpaceKey space, List<Long> ids, Point from, VersionVector ends, int limit) {
        LogPage page = new LogPage(backend, space, ids, from, ends, limit);
        page.fill();
        return page.incomplete ? Optional.empty() : Optional.of(page);
    }

    private void fill() {
        boolean moved = true;
        while (moved && !incomplete && budget.hasRoom()) {
            moved = false;
            for (int log = 0; log < ids.size() && !incomplete; log++) {
                moved |= take(log);
            }
        }
        incomplete |= !moved && isEmpty() && !point.read().covers(ends);
    }

    /** Takes what comes next in a log, as long as it may. Whether that was anything. */
    private boolean take(int log) {
        boolean taken = false;
        while (point.read().get(log) < ends.get(log) && budget.hasRoom()) {
            byte[] bytes = next(log);
            if (incomplete || (bytes.length > 0 && !add(Entry.parse(bytes)))) {
                return taken;
            }
            fetched.get(log).remove();
            point = point.at(point.read().with(log, point.read().get(log) + 1));
            taken = true;
        }
        return taken;
    }

    private byte[] next(int log) {
        Deque<byte[]> ahead = fetched.get(log);
        if (ahead.isEmpty()) {
            long read = point.read().get(log);
            int wanted = (int) Math.min(CHUNK, ends.get(log) - read);
            ahead.addAll(backend.entries(space, ids.get(log), read, wanted));
        }
        if (ahead.isEmpty()) {
            incomplete = true;
            return new byte[0];
        }
        return ahead.element();
    }

    private boolean add(Entry entry) {
        long bytes = entry.documents().stream().mapToLong(PageBudget::bytes).sum();
        if (!point.read().covers(entry.depends()) || !budget.fits(bytes)) {
            return false;
        }
        int cells = 0;
        for (DocumentCells delta : entry.documents()) {
            cells += delta.cells().size();
            documents.computeIfAbsent(delta.id(), id -> DocumentState.empty()).join(delta.cells());
        }
        budget.add(cells, bytes);
        return true;
    }

    /** Whether nothing was written. */
    boolean isEmpty() {
        return documents.isEmpty();
    }

    /** How far the logs are read with this page. */
    VersionVector read() {
        return point.read();
    }

    Changes changes(boolean more) {
        List<DocumentCells> written = new ArrayList<>(documents.size());
        documents.forEach((id, cells) -> written.add(new DocumentCells(id, cells)));
        return Changes.written(written, point.cursor(), more);
    }
}
