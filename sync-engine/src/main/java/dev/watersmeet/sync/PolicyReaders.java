package dev.watersmeet.sync;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.store.SpaceId;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom a policy lets read the documents of a space. It is code of others, and what it looks at are data of others again: where it fails, nobody may. Thread-safe.
 *
 * @param space of the documents
 * @param collections by whose schemas they are read
 */
record PolicyReaders(SpaceId space, Collections collections) {
    private static final Logger log = LoggerFactory.getLogger(PolicyReaders.class);

    /** The audiences that may read a document; empty if the policy fails. */
    Optional<Set<String>> of(DocumentPolicy policy, DocumentId id, DocumentState state) {
        try {
            Set<String> readers = policy.readers(id, Records.undeleted(state, collections.schema(id.collection())));
            if (readers.size() > DocumentPolicy.MAX_READERS) {
                log.warn(
                        "{} of {} has {} audiences, of at most {}: nobody may read it",
                        id,
                        space,
                        readers.size(),
                        DocumentPolicy.MAX_READERS);
                return Optional.empty();
            }
            readers.forEach(PolicyReaders::requireName);
            return Optional.of(readers);
        } catch (RuntimeException e) {
            log.warn("the policy of {} cannot tell who may read {}: nobody may", space, id, e);
            return Optional.empty();
        }
    }

    private static void requireName(String audience) {
        if (audience.startsWith(View.OWN)) {
            throw new IllegalArgumentException("the name of an audience does not start with U+0000");
        }
        Path.access(audience); // throws if it is too long
    }

    /** Who may read a document, both by its marks and by the policy, and whether these agree. */
    Readers of(DocumentPolicy policy, DocumentCells document) {
        Map<String, Cell> marks = AccessMarks.of(document.cells());
        Set<String> marked = AccessMarks.readers(marks);
        Set<String> judged = of(policy, document.id(), document.cells()).orElse(Set.of());
        if (marked.equals(judged)) {
            return new Readers(marks, marked, true);
        }
        Set<String> both = new HashSet<>(marked);
        both.retainAll(judged);
        return new Readers(marks, both, false);
    }
}
