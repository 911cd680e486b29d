package dev.watersmeet.transport.http;

import dev.watersmeet.store.SpaceId;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a path names.
 *
 * @param space the space's name, as it came; empty where the resource is of no single space
 * @param resource what of the space, or of all
 */
record Route(String space, Resource resource) {
    /** What there is. */
    enum Resource {
        /** Push and pull (P-2). */
        SYNC("POST", true),
        /** All documents (P-12). */
        SNAPSHOT("GET", true),
        /** A page of changes, or a live feed (P-13). */
        CHANGES("GET", true),
        /** How documents are merged (P-25). */
        SCHEMA("GET", true),
        /** A live feed of several spaces (P-20). */
        FEED("POST", false);

        private final String method;
        private final boolean ofSpace;

        Resource(String method, boolean ofSpace) {
            this.method = method;
            this.ofSpace = ofSpace;
        }

        String method() {
            return method;
        }

        boolean hasBody() {
            return method.equals("POST");
        }

        private String segment() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The space, where the resource is of one. */
    SpaceId spaceId() {
        return SpaceId.of(space);
    }

    /** The route of a path like {@code /spaces/shop-7/sync} or {@code /feed}. */
    static Optional<Route> of(@Nullable String path) {
        String[] segments = path == null ? new String[0] : path.split("/", -1);
        if (segments.length == 2 && segments[0].isEmpty()) {
            return of("", segments[1], false);
        }
        return segments.length == 4 && segments[0].isEmpty() && segments[1].equals("spaces")
                ? of(segments[2], segments[3], true)
                : Optional.empty();
    }

    private static Optional<Route> of(String space, String segment, boolean ofSpace) {
        for (Resource resource : Resource.values()) {
            if (resource.ofSpace == ofSpace && resource.segment().equals(segment)) {
                return Optional.of(new Route(space, resource));
            }
        }
        return Optional.empty();
    }
}
