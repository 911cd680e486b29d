package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a store has as tables into a workspace of Drill: each collection's documents, as the model reads them, and all cells. It follows the store as any reader does, so what it does follows from what has changed. Of
 * several processes one does so at a time. Not thread-safe.
 */
final class Publisher {
    private static final int PAGE_CELLS = 5000;
    private static final int PAGE_SPACES = 1000;
    private static final int MAX_PENDING = 8 << 20;

    private final Store store;
    private final Tables tables;
    private final PublishedCursors published;
    private final Compactions compactions;
    private final TimeSource time;
    private final Map<ReplicaId, String> principals = new HashMap<>();
    private boolean begun;

    Publisher(
            Store store,
            Path workspace,
            Schema schema,
            PublicationOptions options,
            Disk disk,
            TimeSource time,
            Executor executor) {
        this.store = store;
        this.time = time;
        this.tables = new Tables(workspace, schema, options, disk, time);
        this.published = new PublishedCursors(workspace, disk);
        this.compactions = new Compactions(workspace, options, disk, time, executor);
    }

    /** Publishes what is new since the last round; after a failure, since what is known to be published. */
    void round() throws IOException {
        principals.clear();
        boolean resuming = !begun;
        begun = false;
        if (resuming) {
            published.read();
            tables.resume();
        }
        List<SpaceId> spaces = spaces();
        published.begin(spaces);
        fenceGone(spaces);
        Set<String> toRewrite = tables.toRewrite();
        if (!toRewrite.isEmpty()) {
            rewrite(spaces, toRewrite);
        }
        for (SpaceId space : spaces) {
            follow(space, resuming);
        }
        tables.flush();
        published.save();
        compactions.adopt(tables);
        tables.gatherScattered(compactions.table());
        compactions.begin(tables);
        tables.deleteRetired();
        begun = true;
    }

    private List<SpaceId> spaces() {
        List<SpaceId> all = new ArrayList<>();
        List<SpaceId> page;
        do {
            page = store.maintenance().spaces(all.isEmpty() ? null : all.get(all.size() - 1), PAGE_SPACES);
            all.addAll(page);
        } while (page.size() == PAGE_SPACES);
        return all;
    }

    private void fenceGone(List<SpaceId> spaces) {
        Set<SpaceId> gone = published.spaces();
        gone.removeAll(new HashSet<>(spaces));
        for (SpaceId space : gone) {
            tables.fence(space, true);
            published.remove(space);
        }
    }

    /** Writes the documents of collections anew. What changes meanwhile is followed later. */
    private void rewrite(List<SpaceId> spaces, Set<String> names) throws IOException {
        Map<String, Table<CollectionTable>> made = tables.anew(names);
        for (SpaceId space : spaces) {
            @Nullable Cursor position = null;
            do {
                Scan page = store.scan(space, position, PAGE_CELLS);
                for (DocumentCells document : page.documents()) {
                    @Nullable
                    Table<CollectionTable> table = made.get(document.id().collection());
                    if (table != null) {
                        addDocument(table, space, document.id(), document.cells());
                    }
                }
                position = page.position();
                for (Table<CollectionTable> table : made.values()) {
                    if (table.pending.length() > MAX_PENDING) {
                        table.write();
                    }
                }
            } while (position != null);
        }
        tables.replace(made);
    }

    /** Takes all documents of a space that is new, or of which it is not known any more what has changed, from where its log is followed on. */
    private Cursor scan(SpaceId space) throws IOException {
        Cursor head = store.head(space);
        @Nullable Cursor position = null;
        do {
            Scan page = store.scan(space, position, PAGE_CELLS);
            for (DocumentCells document : page.documents()) {
                addDocument(table(document.id()), space, document.id(), document.cells());
                addCells(space, document, false);
            }
            position = page.position();
            flushIfLarge();
        } while (position != null);
        return head;
    }

    /** @param resuming whether a process that has died may have published some of a space that is not known to be published */
    private void follow(SpaceId space, boolean resuming) throws IOException {
        @Nullable Cursor known = published.of(space).orElse(null);
        if (known != null) {
            try {
                followFrom(space, known);
                return;
            } catch (StoreException e) {
                if (e.kind() != StoreException.Kind.CURSOR_EXPIRED) {
                    throw e;
                }
            }
        }
        if (known != null || resuming) {
            boolean restored = known != null && store.check(space, known) == CursorState.BEFORE_RENEWAL;
            tables.fence(space, !restored); // made anew, or purged of nobody knows what: its cells count no more
        }
        followFrom(space, scan(space));
    }

    private void followFrom(SpaceId space, Cursor from) throws IOException {
        Cursor cursor = from;
        boolean more;
        do {
            Changes page = store.changes(space, cursor, PAGE_CELLS);
            Set<DocumentId> changed = new HashSet<>();
            page.documents().forEach(document -> {
                changed.add(document.id());
                addCells(space, document, false);
            });
            page.dropped().forEach(document -> {
                changed.add(document.id());
                addCells(space, document, true);
            });
            if (!changed.isEmpty()) {
                Map<DocumentId, DocumentState> found = store.read(space, changed);
                changed.forEach(id -> addDocument(table(id), space, id, found.getOrDefault(id, DocumentState.empty())));
            }
            cursor = page.cursor();
            more = page.more();
            flushIfLarge();
        } while (more);
        published.put(space, cursor);
    }

    private Table<CollectionTable> table(DocumentId id) {
        return tables.collection(id.collection());
    }

    private void addDocument(Table<CollectionTable> table, SpaceId space, DocumentId id, DocumentState state) {
        Optional<Value> record = Records.read(state, table.layout.schema());
        table.pending.append(table.layout.row(space, id, tables.nextVersion(), record));
    }

    private void addCells(SpaceId space, DocumentCells document, boolean dropped) {
        long version = tables.nextVersion();
        if (dropped) {
            tables.cells().drops(version);
        }
        CellRows.append(
                space,
                document,
                cell -> principals.computeIfAbsent(cell.stamp().replica(), replica -> store.mark(space, replica)
                        .map(Mark::principal)
                        .orElse("")),
                time.millis(),
                version,
                dropped,
                tables.cells().pending);
    }

    private void flushIfLarge() throws IOException {
        if (tables.pending() > MAX_PENDING) {
            tables.flush();
        }
    }
}
