package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.embedded.Database.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** All that is read but metadata. */
final class Reader {
    private final Database database;

    Reader(Database database) {
        this.database = database;
    }

    @Nullable
    SpaceHead head(SpaceId space) throws RocksDBException {
        return head(Keys.space(space));
    }

    private @Nullable SpaceHead head(byte[] space) throws RocksDBException {
        byte @Nullable [] stored = database.get(Family.DEFAULT, space);
        return stored == null ? null : SpaceHead.parse(stored);
    }

    Map<DocumentId, DocumentState> read(SpaceId id, Collection<DocumentId> documents) throws RocksDBException {
        byte[] space = Keys.space(id);
        Map<DocumentId, DocumentState> found = new LinkedHashMap<>();
        DocumentReader reader = new DocumentReader();
        try (Range cells = database.range(Family.CELLS, space, Keys.end(space))) {
            for (DocumentId document : documents) {
                byte[] prefix = Keys.document(space, document);
                cells.seek(prefix);
                DocumentState state = reader.read(cells, prefix);
                if (!state.isEmpty()) {
                    found.put(document, state);
                }
            }
        }
        return found;
    }

    Optional<Mark> mark(SpaceId space, ReplicaId replica) throws RocksDBException {
        byte @Nullable [] stored = database.get(Family.MARKS, Keys.mark(Keys.space(space), replica));
        return stored == null ? Optional.empty() : Optional.of(MarkBytes.parse(replica, stored));
    }

    Changes changes(SpaceId id, Cursor after, int limit) throws RocksDBException {
        byte[] space = Keys.space(id);
        @Nullable SpaceHead head = head(space);
        long sequence = SpaceHead.sequence(head, after);
        if (head == null || sequence == head.last()) {
            return Changes.written(List.of(), after, false);
        }
        ChangesPage page = new ChangesPage(limit);
        try (Range entries = database.range(Family.LOG, Keys.entry(space, sequence + 1), Keys.end(space))) {
            while (sequence < head.last() && page.hasRoom()) {
                long next = sequence + 1;
                if (!entries.valid() || !Arrays.equals(entries.key(), Keys.entry(space, next))) {
                    SpaceHead.sequence(head(space), after); // has expired if the log was trimmed or deleted meanwhile
                    throw MalformedException.of("a log has all entries up to its last", "none at " + next);
                }
                byte[] entry = entries.value();
                if (LogEntry.isPurge(entry)) {
                    if (!page.isEmpty()) {
                        break;
                    }
                    page.add(entry);
                    return Changes.purged(page.documents(), head.cursor(next), next < head.last());
                }
                if (!page.fits(entry)) {
                    break;
                }
                page.add(entry);
                entries.next();
                sequence = next;
            }
        }
        return Changes.written(page.documents(), head.cursor(sequence), sequence < head.last());
    }

    CursorState check(SpaceId space, Cursor cursor) throws RocksDBException {
        return SpaceHead.state(head(space), cursor);
    }

    Scan scan(SpaceId id, @Nullable Cursor position, int limit) throws RocksDBException {
        byte[] space = Keys.space(id);
        @Nullable SpaceHead head = head(space);
        byte[] from = position == null ? space : after(space, SpaceHead.document(head, position));
        if (head == null) {
            return new Scan(List.of(), null);
        }
        List<DocumentCells> page = new ArrayList<>();
        PageBudget budget = PageBudget.of(limit);
        byte[] last = space;
        DocumentReader reader = new DocumentReader();
        try (Range cells = database.range(Family.CELLS, from, Keys.end(space))) {
            boolean more = cells.valid();
            while (more && budget.hasRoom()) {
                byte[] prefix = Keys.documentOf(cells.key(), space.length);
                DocumentCells document =
                        new DocumentCells(Keys.parseDocument(prefix, space.length), reader.read(cells, prefix));
                if (!budget.fits(reader.bytes())) {
                    break; // and is read again for the next page
                }
                budget.add(document.cells().size(), reader.bytes());
                page.add(document);
                last = prefix;
                more = cells.valid();
            }
            return new Scan(page, more ? head.position(last, space.length) : null);
        }
    }

    /** The least key that comes after all cells of a document that a position names. */
    private static byte[] after(byte[] space, byte[] document) {
        byte[] key = Arrays.copyOf(space, space.length + document.length);
        System.arraycopy(document, 0, key, space.length, document.length);
        return Keys.end(key);
    }

    /** The spaces after one, in the order of their names. */
    List<SpaceId> spaces(@Nullable SpaceId after, int limit) throws RocksDBException {
        List<SpaceId> found = new ArrayList<>();
        byte[] from = after == null ? new byte[0] : Keys.end(Keys.space(after));
        try (Range heads = database.range(Family.DEFAULT, from, Keys.AFTER_ALL_SPACES)) {
            while (heads.valid() && found.size() < limit) {
                found.add(Keys.parseSpace(heads.key()));
                heads.next();
            }
        }
        return found;
    }

    long count(SpaceId id) throws RocksDBException {
        byte[] space = Keys.space(id);
        long documents = 0;
        byte[] last = {};
        try (Range cells = database.range(Family.CELLS, space, Keys.end(space))) {
            while (cells.valid()) {
                byte[] key = cells.key();
                if (last.length == 0 || !Keys.startsWith(key, last)) {
                    last = Keys.documentOf(key, space.length);
                    documents++;
                }
                cells.next();
            }
        }
        return documents;
    }
}
