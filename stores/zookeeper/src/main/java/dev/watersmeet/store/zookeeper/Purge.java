package dev.watersmeet.store.zookeeper;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Purged;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Forgets removals and dead documents. First the log is cut off where it is older than the horizon; then every cell is old that was brought by an entry which is no longer there. What goes is named by entries of the log, each
 * committed together with what it drops. Thread-safe.
 */
final class Purge {
    private static final int CHUNK = 32;
    /** Of documents in a part, before the last one: what is left of each, and what is dropped, are in its request. */
    private static final int PART_BYTES = 400_000;

    private final Ensemble ensemble;
    private final Paths paths;
    private final Heads heads;
    private final Trim trim;

    Purge(Ensemble ensemble, Paths paths, Heads heads, Trim trim) {
        this.ensemble = ensemble;
        this.paths = paths;
        this.heads = heads;
        this.trim = trim;
    }

    Purged purge(Space space, long horizon) {
        trim.before(space, horizon);
        Held held = heads.refresh(space);
        if (!held.alive() || held.head().trimmed() >= horizon) { // the log does not tell what is older than that
            return Purged.NOTHING;
        }
        Sweep sweep = new Sweep(space, held.life(), held.head().first() - 1);
        Purged purged = Purged.NOTHING;
        for (String shard : paths.documentShards(held.life())) {
            List<String> documents = ensemble.children(shard).stream()
                    .map(key -> shard + "/" + key)
                    .toList();
            for (int from = 0; from < documents.size(); from += CHUNK) {
                purged = purged.plus(sweep.drop(documents.subList(from, Math.min(documents.size(), from + CHUNK))));
            }
        }
        return purged;
    }

    /** What is done with each document. */
    private final class Sweep {
        private final Space space;
        private final long life;
        private final long lastOld;

        Sweep(Space space, long life, long lastOld) {
            this.space = space;
            this.life = life;
            this.lastOld = lastOld;
        }

        /** Drops what there is to drop of some documents, in parts that each fit into a request. */
        Purged drop(List<String> documents) {
            Purged purged = Purged.NOTHING;
            List<String> rest = documents;
            while (!rest.isEmpty()) {
                List<String> left = rest;
                Part part = heads.untilCommitted(space, () -> tryDrop(left));
                purged = purged.plus(part.purged);
                rest = rest.subList(part.looked, rest.size());
            }
            return purged;
        }

        private Optional<Part> tryDrop(List<String> documents) {
            List<@Nullable Node> before = ensemble.getAll(documents);
            if (before.stream().noneMatch(this::hasDroppable)) {
                return Optional.of(new Part(documents.size(), Purged.NOTHING));
            }
            Held held = heads.refresh(space);
            if (held.life() != life) {
                return Optional.of(new Part(documents.size(), Purged.NOTHING));
            }
            return new Dropping(held).drop(documents, ensemble.getAll(documents));
        }

        private boolean hasDroppable(@Nullable Node node) {
            return node != null
                    && !StoredDocument.parse(node.data()).droppable(lastOld).isEmpty();
        }

        /** A part on the strength of a head. */
        private final class Dropping {
            private final Held held;
            private final Commit commit = heads.commit();
            private final List<DocumentCells> dropped = new ArrayList<>();
            private Purged purged = Purged.NOTHING;
            private long bytes;
            private long touched;

            Dropping(Held held) {
                this.held = held;
            }

            Optional<Part> drop(List<String> documents, List<@Nullable Node> nodes) {
                int looked = 0;
                while (looked < documents.size() && touched < PART_BYTES) {
                    @Nullable Node node = nodes.get(looked);
                    if (node != null) {
                        drop(documents.get(looked), node);
                    }
                    looked++;
                }
                Part part = new Part(looked, purged);
                if (dropped.isEmpty()) {
                    return Optional.of(part);
                }
                Head head = held.head();
                long now = heads.now();
                byte[] entry = new Entry(true, Math.max(now, head.recorded()), dropped).toBytes();
                commit.create(paths.entry(life, head.number() + 1), entry);
                Head next = head.withEntry(now, true, head.size().plus(-purged.documents(), 0, bytes, entry.length));
                return heads.commit(space, held, next, commit).map(done -> part);
            }

            private void drop(String path, Node node) {
                StoredDocument document = StoredDocument.parse(node.data());
                DocumentState gone = document.droppable(lastOld);
                if (gone.isEmpty()) {
                    return;
                }
                StoredDocument left = document.without(gone);
                bytes -= node.data().length;
                touched += node.data().length;
                if (left.isEmpty()) {
                    commit.delete(path, node.version());
                } else {
                    byte[] leftBytes = left.toBytes();
                    bytes += leftBytes.length;
                    commit.set(path, leftBytes, node.version());
                }
                dropped.add(new DocumentCells(document.document().id(), gone));
                purged = purged.plus(new Purged(left.isEmpty() ? 1 : 0, gone.size()));
            }
        }
    }

    /**
     * What was done.
     *
     * @param looked with how many documents
     * @param purged what it has dropped
     */
    private record Part(int looked, Purged purged) {}
}
