package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gathers the rows of a read that may have several pages. */
final class AllRows {
    private AllRows() {}

    static CompletionStage<List<Row>> of(CompletionStage<AsyncResultSet> first) {
        return first.thenCompose(page -> gather(page, new ArrayList<>()));
    }

    private static CompletionStage<List<Row>> gather(AsyncResultSet page, List<Row> rows) {
        page.currentPage().forEach(rows::add);
        return page.hasMorePages()
                ? page.fetchNextPage().thenCompose(next -> gather(next, rows))
                : CompletableFuture.completedFuture(rows);
    }
}
