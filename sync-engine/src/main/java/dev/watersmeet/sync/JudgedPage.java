package dev.watersmeet.sync;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.format.Page;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A page of changes with what it is to every audience: read and judged once, and composed for each view by intersecting sets. The views share the documents, so that each can be encoded once. Thread-safe.
 *
 * @param documents what was written
 * @param dropped what was purged; there is only one of the two
 * @param cursor where the next page goes on, as the store knows it
 * @param more whether there is a next page already
 * @param wrong the documents whose marks are not as the policy says
 * @param views the pages that were composed, by what tells the views apart
 */
record JudgedPage(
        List<JudgedDocument> documents,
        List<JudgedDrop> dropped,
        String cursor,
        boolean more,
        List<DocumentId> wrong,
        Map<String, Page> views) {
    /** How many views of a page are kept: where each principal has one of its own, they are not shared anyway. */
    private static final int MAX_VIEWS = 1_000;

    /** How much may come whole in a page: some pages' worth, for a snapshot brings all that there is. */
    static final long MAX_WHOLE_BYTES = 4 * Store.PAGE_BYTES;

    JudgedPage(
            List<JudgedDocument> documents,
            List<JudgedDrop> dropped,
            String cursor,
            boolean more,
            List<DocumentId> wrong) {
        this(List.copyOf(documents), List.copyOf(dropped), cursor, more, List.copyOf(wrong), new ConcurrentHashMap<>());
    }

    /**
     * What a purge has dropped of a document.
     *
     * @param cells the cells, without marks
     * @param audiences who is told
     * @param leaving who could read the document before these cells were written, and is told no more than that it is withdrawn
     */
    record JudgedDrop(DocumentCells cells, Set<String> audiences, Set<String> leaving) {}

    /**
     * The page as a view shows it.
     *
     * @throws StoreException of kind {@code CURSOR_EXPIRED} if more has come to be readable than a page should bring: a snapshot has pages
     */
    Page seenBy(View view) {
        if (views.size() >= MAX_VIEWS) {
            return compose(view);
        }
        String own = isPersonal() ? view.own() : "";
        return views.computeIfAbsent(view.prefix() + own, key -> compose(view));
    }

    /** Whether it tells somebody of what others in the same audiences are not told. */
    private boolean isPersonal() {
        return Stream.concat(
                        documents.stream().map(JudgedDocument::leaving),
                        dropped.stream().map(JudgedDrop::leaving))
                .flatMap(Set::stream)
                .anyMatch(audience -> audience.startsWith(View.OWN));
    }

    private Page compose(View view) {
        List<DocumentCells> shown = new ArrayList<>();
        Set<DocumentId> complete = new HashSet<>();
        List<DocumentId> withdrawn = new ArrayList<>();
        long wholeBytes = 0;
        for (JudgedDocument document : documents) {
            if (view.isAmong(document.staying())) {
                document.delta().ifPresent(shown::add);
            } else if (view.isAmong(document.joining())) {
                DocumentCells whole = document.whole();
                wholeBytes += PageBudget.bytes(whole);
                if (wholeBytes > MAX_WHOLE_BYTES && !complete.isEmpty()) {
                    throw new StoreException(
                            StoreException.Kind.CURSOR_EXPIRED,
                            "more has come to be readable at once than a page should bring: " + cursor);
                }
                shown.add(whole);
                complete.add(whole.id());
            } else if (view.wasAmong(document.leaving())) {
                withdrawn.add(document.id());
            }
        }
        List<DocumentCells> gone = new ArrayList<>();
        for (JudgedDrop drop : dropped) {
            if (view.isAmong(drop.audiences())) {
                gone.add(drop.cells());
            } else if (view.wasAmong(drop.leaving())) {
                withdrawn.add(drop.cells().id());
            }
        }
        return new Page(shown, complete, gone, withdrawn, view.wrap(cursor), more);
    }
}
