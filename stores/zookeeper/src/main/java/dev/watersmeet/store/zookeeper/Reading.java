package dev.watersmeet.store.zookeeper;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.Scan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads documents, and the log. Thread-safe. */
final class Reading {
    private static final int CHUNK = 32;

    private final Ensemble ensemble;
    private final Paths paths;
    private final Heads heads;

    Reading(Ensemble ensemble, Paths paths, Heads heads) {
        this.ensemble = ensemble;
        this.paths = paths;
        this.heads = heads;
    }

    Map<DocumentId, DocumentState> read(Space space, Collection<DocumentId> ids) {
        Held held = heads.refresh(space);
        if (!held.alive()) {
            return Map.of();
        }
        Map<DocumentId, DocumentState> found = new LinkedHashMap<>();
        List<DocumentId> rest = List.copyOf(ids);
        for (int from = 0; from < rest.size(); from += CHUNK) {
            List<DocumentId> some = rest.subList(from, Math.min(rest.size(), from + CHUNK));
            List<@Nullable Node> nodes = ensemble.getAll(some.stream()
                    .map(id -> paths.document(held.life(), Paths.key(id)))
                    .toList());
            for (int i = 0; i < some.size(); i++) {
                @Nullable Node node = nodes.get(i);
                if (node != null) {
                    DocumentId id = some.get(i);
                    found.put(
                            id, StoredDocument.parse(node.data(), id).document().cells());
                }
            }
        }
        return found;
    }

    Changes changes(Space space, Cursor after, int limit) {
        Held held = heads.refresh(space);
        Head head = held.head();
        Page page = new Page(head, head.numberOf(after), limit);
        while (page.read < head.number()) {
            List<String> some = new ArrayList<>();
            for (long number = page.read + 1; number <= head.number() && some.size() < CHUNK; number++) {
                some.add(paths.entry(held.life(), number));
            }
            for (@Nullable Node node : ensemble.getAll(some)) {
                if (node == null) { // trimmed meanwhile, or the space is gone
                    throw Head.expired(after);
                }
                @Nullable Changes full = page.add(Entry.parse(node.data()));
                if (full != null) {
                    return full;
                }
            }
        }
        return page.written();
    }

    /** A page of changes that is being filled. */
    private static final class Page {
        private final Head head;
        private final PageBudget budget;
        private final Map<DocumentId, DocumentState> documents = new LinkedHashMap<>();
        private final long start;
        private long read;

        Page(Head head, long start, int limit) {
            this.head = head;
            this.budget = PageBudget.of(limit);
            this.start = start;
            this.read = start;
        }

        /** Adds the next entry; the page, without it, if it has to end before. */
        @Nullable
        Changes add(Entry entry) {
            if (entry.purge()) {
                long next = read + 1;
                return read == start
                        ? Changes.purged(entry.documents(), head.cursor(next), next < head.number())
                        : written();
            }
            long bytes = entry.documents().stream().mapToLong(PageBudget::bytes).sum();
            if (!budget.hasRoom() || !budget.fits(bytes)) {
                return written();
            }
            int cells = entry.documents().stream()
                    .mapToInt(document -> document.cells().size())
                    .sum();
            budget.add(cells, bytes);
            for (DocumentCells document : entry.documents()) {
                documents
                        .computeIfAbsent(document.id(), id -> DocumentState.empty())
                        .join(document.cells());
            }
            read++;
            return null;
        }

        Changes written() {
            List<DocumentCells> list = new ArrayList<>(documents.size());
            documents.forEach((id, cells) -> list.add(new DocumentCells(id, cells)));
            return Changes.written(list, head.cursor(read), read < head.number());
        }
    }

    Scan scan(Space space, @Nullable Cursor position, int limit) {
        Held held = heads.refresh(space);
        String after = position == null ? "" : held.head().keyOf(position);
        if (!held.alive()) {
            return new Scan(List.of(), null);
        }
        PageBudget budget = PageBudget.of(limit);
        List<DocumentCells> page = new ArrayList<>();
        String last = after;
        for (String shard : paths.documentShards(held.life())) {
            String digit = shard.substring(shard.length() - 1);
            if (!after.isEmpty() && digit.compareTo(after.substring(0, 1)) < 0) {
                continue;
            }
            List<String> keys = ensemble.children(shard).stream()
                    .filter(key -> key.compareTo(after) > 0)
                    .sorted()
                    .toList();
            for (int from = 0; from < keys.size(); from += CHUNK) {
                List<String> some = keys.subList(from, Math.min(keys.size(), from + CHUNK));
                List<@Nullable Node> nodes = ensemble.getAll(
                        some.stream().map(key -> shard + "/" + key).toList());
                for (int i = 0; i < some.size(); i++) {
                    @Nullable Node node = nodes.get(i);
                    if (node != null) {
                        DocumentCells document =
                                StoredDocument.parse(node.data()).document();
                        long bytes = PageBudget.bytes(document);
                        if (!budget.hasRoom() || !budget.fits(bytes)) {
                            return new Scan(page, held.head().position(last));
                        }
                        budget.add(document.cells().size(), bytes);
                        page.add(document);
                    }
                    last = some.get(i);
                }
            }
        }
        return new Scan(page, null);
    }
}
