package dev.watersmeet.client;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The documents of a replica, by collection and id. Guarded by the replica's lock. */
final class HeldDocuments {
    private final Map<String, NavigableMap<Value, HeldDocument>> collections = new HashMap<>();

    /** Those of a collection, by id. */
    NavigableMap<Value, HeldDocument> of(String collection) {
        return collections.computeIfAbsent(collection, name -> new TreeMap<>());
    }

    @Nullable
    HeldDocument find(DocumentId id) {
        return of(id.collection()).get(id.id());
    }

    /** A document that is known to be held. */
    HeldDocument held(DocumentId id) {
        return requireNonNull(find(id));
    }

    /** A document that is held from now on, if it was not. */
    HeldDocument hold(DocumentId id) {
        return of(id.collection()).computeIfAbsent(id.id(), key -> new HeldDocument());
    }

    void remove(DocumentId id) {
        of(id.collection()).remove(id.id());
    }

    Stream<HeldDocument> all() {
        return collections.values().stream().flatMap(documents -> documents.values().stream());
    }

    void forEach(BiConsumer<DocumentId, HeldDocument> action) {
        collections.forEach((collection, documents) ->
                documents.forEach((id, held) -> action.accept(new DocumentId(collection, id), held)));
    }

    void removeIf(BiPredicate<DocumentId, HeldDocument> isGone) {
        collections.forEach((collection, documents) -> documents
                .entrySet()
                .removeIf(entry -> isGone.test(new DocumentId(collection, entry.getKey()), entry.getValue())));
    }
}
