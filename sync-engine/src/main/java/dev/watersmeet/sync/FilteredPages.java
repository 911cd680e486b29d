package dev.watersmeet.sync;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.format.Page;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Pages of changes where a policy decides who reads what (P-24). A page is read from the store and judged once, whoever asks for it, and then composed for each view. Thread-safe.
 *
 * <p>Who came to read a document and who ceased to stands in the log, as marks among the cells. Besides the log, the documents are read as they are by now, once for each page: for their marks, and for those who need all of a
 * document.
 */
final class FilteredPages {
    private static final long MAX_CACHED_BYTES = 32L << 20;
    private static final long PAGE_OVERHEAD_BYTES = 1024;

    private final Store store;
    private final int limit;
    private final Cache<Key, JudgedPage> cache = Caffeine.newBuilder()
            .maximumWeight(MAX_CACHED_BYTES)
            .weigher((Key key, JudgedPage page) -> weight(page))
            .executor(Runnable::run) // to wake another thread for what there is to do takes longer
            .build();

    private record Key(SpaceId space, String version, Cursor after, Cursor head) {}

    FilteredPages(Store store, int limit) {
        this.store = store;
        this.limit = limit;
    }

    private static int weight(JudgedPage page) {
        long bytes = Stream.concat(
                        page.documents().stream()
                                .flatMap(document -> Stream.concat(
                                        Stream.of(document.changed()), Stream.ofNullable(document.state()))),
                        page.dropped().stream().map(JudgedPage.JudgedDrop::cells))
                .mapToLong(PageBudget::bytes)
                .sum();
        return (int) Math.min(Integer.MAX_VALUE, PAGE_OVERHEAD_BYTES + bytes);
    }

    /**
     * The page after a cursor.
     *
     * @param text the cursor as the principal was told it
     * @throws StoreException of kind {@code CURSOR_EXPIRED} also where it was told under another view
     */
    Page after(SpaceId space, String text, View view, DocumentAccess access) {
        Cursor cursor = new Cursor(view.unwrap(text));
        CursorState state = store.check(space, cursor);
        if (state != CursorState.CURRENT && state != CursorState.BEFORE_PURGE) {
            throw Pages.expired(cursor);
        }
        Cursor head = store.head(space);
        if (head.equals(cursor)) {
            return new Page(List.of(), text, false);
        }
        Key key = new Key(space, View.version(view.policy()), cursor, head);
        for (int attempt = 1; ; attempt++) {
            JudgedPage page = cache.get(key, absent -> judge(absent, view.policy(), access));
            if (!access.marking().mend(view.policy(), page.wrong()) || attempt == AccessMarking.MAX_MENDS) {
                return page.seenBy(view);
            }
            cache.asMap().remove(key, page);
        }
    }

    private JudgedPage judge(Key key, DocumentPolicy policy, DocumentAccess access) {
        Changes changes = store.changes(key.space(), key.after(), limit);
        List<DocumentId> ids = Stream.concat(changes.documents().stream(), changes.dropped().stream())
                .map(DocumentCells::id)
                .toList();
        Map<DocumentId, DocumentState> states = new HashMap<>(store.read(key.space(), ids));
        boolean purged = store.check(key.space(), changes.cursor()) != CursorState.CURRENT;
        if (purged) {
            states = store.read(key.space(), ids); // what was purged is gone now, and the rest of the page is there
        } else {
            for (DocumentCells document : changes.documents()) { // what is in the log may not be among the cells yet
                states.computeIfAbsent(document.id(), id -> DocumentState.empty())
                        .join(document.cells());
            }
        }
        List<DocumentId> wrong = new ArrayList<>();
        List<JudgedDocument> written = new ArrayList<>();
        for (DocumentCells document : changes.documents()) {
            DocumentState state = states.getOrDefault(document.id(), DocumentState.empty());
            Readers readers = readers(document.id(), state, policy, access, wrong);
            written.add(JudgedDocument.of(document, state, readers, purged));
        }
        List<JudgedPage.JudgedDrop> dropped = new ArrayList<>();
        for (DocumentCells document : changes.dropped()) {
            DocumentCells cells = AccessMarks.without(document);
            if (cells.cells().isEmpty()) {
                continue;
            }
            if (document.cells().has(Kind.EXISTENCE) || document.cells().has(Kind.ACCESS)) {
                dropped.add(gone(cells, access.readers().of(policy, document)));
            } else {
                DocumentState state = states.getOrDefault(document.id(), DocumentState.empty());
                Set<String> told =
                        readers(document.id(), state, policy, access, wrong).audiences();
                dropped.add(new JudgedPage.JudgedDrop(cells, told, Set.of()));
            }
        }
        // Who may read them was judged by what may be of later: until that is read, too, it is no state that existed.
        boolean later = !written.isEmpty() && !store.head(key.space()).equals(changes.cursor());
        return new JudgedPage(written, dropped, changes.cursor().text(), changes.more() || later, wrong);
    }

    /** A document that is gone as a whole: whoever may read one of the same name by now, what is dropped was for its own readers. */
    private static JudgedPage.JudgedDrop gone(DocumentCells cells, Readers readers) {
        Set<String> leaving = new HashSet<>(readers.marks().keySet());
        leaving.removeAll(readers.audiences());
        return new JudgedPage.JudgedDrop(cells, readers.audiences(), leaving);
    }

    private static Readers readers(
            DocumentId id, DocumentState state, DocumentPolicy policy, DocumentAccess access, List<DocumentId> wrong) {
        if (state.isEmpty()) {
            return Readers.OF_NOTHING; // purged since
        }
        Readers readers = access.readers().of(policy, new DocumentCells(id, state));
        if (!readers.agreed()) {
            wrong.add(id);
        }
        return readers;
    }
}
