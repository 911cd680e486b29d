package dev.watersmeet.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.PageBudget;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cells as rows. Keys are hashes: names may be long, and differ in ways that a database's collation does not see (S-4). */
final class CellRows {
    private CellRows() {}

    static String key(DocumentId id) {
        return hash(id.collection() + "\0" + id.id().text());
    }

    static String key(Path path) {
        return hash(path.text());
    }

    private static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** The cells of all rows. */
    static List<DocumentCells> documents(ResultSet rows) throws SQLException {
        Map<DocumentId, DocumentState> documents = new LinkedHashMap<>();
        while (rows.next()) {
            join(documents, rows);
        }
        return list(documents);
    }

    private static void join(Map<DocumentId, DocumentState> documents, ResultSet row) throws SQLException {
        DocumentId id = new DocumentId(row.getString("collection"), Value.ofCanonical(row.getString("id")));
        documents
                .computeIfAbsent(id, key -> DocumentState.empty())
                .join(Path.parse(row.getString("path")), CellBytes.parse(row.getBytes("bytes")));
    }

    private static List<DocumentCells> list(Map<DocumentId, DocumentState> documents) {
        List<DocumentCells> list = new ArrayList<>();
        documents.forEach((id, cells) -> list.add(new DocumentCells(id, cells)));
        return list;
    }

    /**
     * How far a page reaches at most: what is beyond it is not read.
     *
     * @param last the group that the last row of the page is of; empty where there are no rows
     * @param all whether there are no rows after it
     */
    record Reach(String last, boolean all) {
        /** Reads the groups and bytes of rows, of which there is one more than a page may have. */
        static Reach of(ResultSet rows, int limit) throws SQLException {
            PageBudget budget = PageBudget.of(limit);
            String last = "";
            while (rows.next()) {
                if (!budget.hasRoom()) {
                    return new Reach(last, false);
                }
                last = rows.getString(1);
                budget.add(1, rows.getLong(2));
            }
            return new Reach(last, true);
        }
    }

    /**
     * A page of whole groups of rows (S-7, S-11).
     *
     * @param documents the cells on the page
     * @param last the group that the page ends with; null if it has all rows
     */
    record Page(List<DocumentCells> documents, @Nullable String last) {
        /** Reads groups while there is room: rows that follow each other with the same value in a column. */
        static Page of(ResultSet rows, String column, int limit) throws SQLException {
            PageBudget budget = PageBudget.of(limit);
            Map<DocumentId, DocumentState> page = new LinkedHashMap<>();
            Map<DocumentId, DocumentState> group = new LinkedHashMap<>();
            String last = "";
            String current = null;
            while (rows.next()) {
                String next = rows.getString(column);
                if (current != null && !next.equals(current)) {
                    if (!take(group, page, budget)) {
                        return new Page(list(page), last);
                    }
                    last = current;
                    group.clear();
                    if (!budget.hasRoom()) {
                        return new Page(list(page), last);
                    }
                }
                current = next;
                join(group, rows);
            }
            boolean all = take(group, page, budget);
            return new Page(list(page), all ? null : last);
        }

        private static boolean take(
                Map<DocumentId, DocumentState> group, Map<DocumentId, DocumentState> page, PageBudget budget) {
            long bytes = list(group).stream().mapToLong(PageBudget::bytes).sum();
            if (!budget.fits(bytes)) {
                return false;
            }
            budget.add(group.values().stream().mapToInt(DocumentState::size).sum(), bytes);
            group.forEach((id, cells) -> page.merge(id, cells, (held, more) -> {
                held.join(more);
                return held;
            }));
            return true;
        }
    }
}
