package dev.watersmeet.transport.http;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a path names.
 *
 * @param space the space's name, as it came
 * @param resource what of the space
 */
record Route(String space, Resource resource) {
    /** What there is of a space. */
    enum Resource {
        /** Push and pull (P-2). */
        SYNC("POST"),
        /** All documents (P-12). */
        SNAPSHOT("GET"),
        /** A page of changes, or a live feed (P-13). */
        CHANGES("GET");

        private final String method;

        Resource(String method) {
            this.method = method;
        }

        String method() {
            return method;
        }

        private String segment() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The route of a path like {@code /spaces/shop-7/sync}. */
    static Optional<Route> of(@Nullable String path) {
        String[] segments = path == null ? new String[0] : path.split("/", -1);
        if (segments.length == 4 && segments[0].isEmpty() && segments[1].equals("spaces")) {
            for (Resource resource : Resource.values()) {
                if (resource.segment().equals(segments[3])) {
                    return Optional.of(new Route(segments[2], resource));
                }
            }
        }
        return Optional.empty();
    }
}
