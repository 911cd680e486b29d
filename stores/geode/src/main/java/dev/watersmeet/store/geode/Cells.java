package dev.watersmeet.store.geode;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.geode.Walk.Item;
import dev.watersmeet.store.geode.function.Layers;
import dev.watersmeet.store.processlogs.Layered;
import dev.watersmeet.store.processlogs.Slice;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.geode.cache.Region;
import org.jspecify.annotations.Nullable;

/**
 * Documents, each an entry. One that was dropped stays as a fence, which says up to which generation: who comes late with cells of those joins them in vain. It is noted with its time, and goes after a day. Thread-safe.
 */
final class Cells {
    /** How long a process may be paused in the middle of a call. */
    static final long FENCE_MILLIS = 24L * 60 * 60 * 1000;

    private final Regions regions;
    private final Region<String, byte[]> region;
    private final KeyRanges ranges;
    private final Joins joins;
    private final LongSupplier millis;

    Cells(Regions regions, KeyRanges ranges, Joins joins, LongSupplier millis) {
        this.regions = regions;
        this.region = regions.cell();
        this.ranges = ranges;
        this.joins = joins;
        this.millis = millis;
    }

    void join(SpaceKey space, long generation, Collection<DocumentCells> documents) {
        Map<String, byte[]> changes = new LinkedHashMap<>();
        for (DocumentCells document : documents) {
            if (!document.cells().isEmpty()) {
                changes.merge(
                        Keys.document(space, document.id()), Documents.change(generation, document), Layers::join);
            }
        }
        if (!changes.isEmpty()) {
            joins.join(region, changes);
        }
    }

    void drop(SpaceKey space, long generation, Collection<DocumentId> documents) {
        if (documents.isEmpty()) {
            return;
        }
        Map<String, byte[]> notes = new HashMap<>();
        Map<String, byte[]> changes = new LinkedHashMap<>();
        byte[] now = Numbers.change(0, millis.getAsLong());
        for (DocumentId id : documents) {
            notes.put(Keys.fence(space, id), now);
            changes.put(Keys.document(space, id), Layers.drop(generation));
        }
        Failures.repeating(() -> {
            regions.record().putAll(notes);
            return notes;
        });
        joins.join(region, changes);
    }

    Map<DocumentId, DocumentState> read(SpaceKey space, Collection<DocumentId> documents) {
        Map<String, DocumentId> ids = new LinkedHashMap<>();
        documents.forEach(id -> ids.put(Keys.document(space, id), id));
        Map<String, byte[]> stored = Failures.repeating(() -> region.getAll(ids.keySet()));
        Map<DocumentId, DocumentState> found = new LinkedHashMap<>();
        ids.forEach((key, id) -> {
            byte @Nullable [] bytes = stored.get(key);
            if (bytes != null && !Documents.isEmpty(bytes)) {
                found.put(id, Documents.parse(bytes).state());
            }
        });
        return found;
    }

    Slice scan(SpaceKey space, @Nullable String from, int limit) {
        String prefix = Keys.space(space);
        PageBudget budget = PageBudget.of(limit);
        List<Layered> documents = new ArrayList<>();
        @Nullable String last = from == null ? null : checked(from);
        Walk walk = new Walk(region, ranges, prefix + (last == null ? "" : last), Keys.behind(prefix));
        for (@Nullable Item item = walk.next(); item != null; item = walk.next()) {
            String name = item.key().substring(prefix.length());
            DocumentCells document =
                    new DocumentCells(Keys.parseDocument(name), item.stored().state());
            long bytes = PageBudget.bytes(document);
            if (!budget.hasRoom() || !budget.fits(bytes)) {
                return new Slice(documents, last);
            }
            budget.add(document.cells().size(), bytes);
            documents.add(new Layered(document, item.stored().generations()));
            last = name;
        }
        return new Slice(documents, null);
    }

    private static String checked(String from) {
        try {
            Keys.parseDocument(from);
            return from;
        } catch (RuntimeException e) {
            throw new StoreException(StoreException.Kind.CURSOR_EXPIRED, "no document's name: " + from, e);
        }
    }

    /** The entries less those that only fence. */
    long count(SpaceKey space) {
        long[] fences = {0};
        ranges.forEach(regions.record(), Keys.fences(space), keys -> {
            List<String> documents =
                    keys.stream().map(key -> Keys.fencedDocument(space, key)).toList();
            Failures.repeating(() -> region.getAll(documents)).values().forEach(stored -> {
                if (stored != null && Documents.isEmpty(stored)) {
                    fences[0]++;
                }
            });
        });
        return Math.max(0, ranges.count(region, Keys.space(space)) - fences[0]);
    }

    /** Takes away fences that nobody can run into any more. */
    void removeOldFences(SpaceKey space) {
        long horizon = millis.getAsLong() - FENCE_MILLIS;
        ranges.forEach(regions.record(), Keys.fences(space), keys -> {
            Map<String, byte[]> notes =
                    Failures.repeating(() -> regions.record().getAll(keys));
            notes.forEach((key, note) -> {
                if (note != null && Numbers.parse(note).getOrDefault(0L, 0L) < horizon) {
                    removeFence(Keys.fencedDocument(space, key), key, note);
                }
            });
        });
    }

    private void removeFence(String document, String key, byte[] note) {
        Failures.repeating(() -> {
            byte @Nullable [] stored = region.get(document);
            if (stored != null && Documents.isEmpty(stored)) {
                region.remove(document, stored);
            }
            regions.record().remove(key, note); // unless it was dropped again meanwhile
            return note;
        });
    }
}
