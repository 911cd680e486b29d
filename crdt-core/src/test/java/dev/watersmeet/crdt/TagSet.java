package dev.watersmeet.crdt;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The textbook's observed-remove set: unique tags of elements, and the tags that were removed, with their elements. Immutable. */
record TagSet(Map<Integer, String> added, Map<Integer, String> removed) {
    static final TagSet NONE = new TagSet(Map.of(), Map.of());

    /** The addition of an element. */
    static TagSet of(int tag, String element) {
        return new TagSet(Map.of(tag, element), Map.of());
    }

    TagSet merged(TagSet other) {
        return new TagSet(merged(added, other.added), merged(removed, other.removed));
    }

    private static Map<Integer, String> merged(Map<Integer, String> one, Map<Integer, String> other) {
        Map<Integer, String> merged = new HashMap<>(one);
        merged.putAll(other);
        return merged;
    }

    /** What a removal removes: every tag of the element that is known, be it only because somebody removed it before. Nothing if the element is absent. */
    TagSet removal(String element) {
        if (!elements().contains(element)) {
            return NONE;
        }
        Map<Integer, String> observed = merged(added, removed);
        observed.values().removeIf(other -> !element.equals(other));
        return new TagSet(Map.of(), observed);
    }

    Set<String> elements() {
        return added.entrySet().stream()
                .filter(tag -> !removed.containsKey(tag.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
    }
}
