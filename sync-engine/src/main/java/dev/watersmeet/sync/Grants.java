package dev.watersmeet.sync;

import dev.watersmeet.store.SpaceId;
import java.util.Map;

/**
 * The most that a principal may do, space by space: what the token says that it came with. It narrows what the {@link Access} allows, and never widens it.
 *
 * @param permissions permissions by the names of spaces, or by beginnings of names with {@code *} after them; of those that fit a space the greatest counts, and without one there is none
 */
public record Grants(Map<String, Permission> permissions) {
    private static final String ANY = "*";
    private static final Grants EVERYTHING = new Grants(Map.of(ANY, Permission.WRITE));

    public Grants {
        permissions = Map.copyOf(permissions);
    }

    /** No narrowing. */
    public static Grants everything() {
        return EVERYTHING;
    }

    /** Grants for the given spaces, and for no others. */
    public static Grants of(Map<String, Permission> permissions) {
        return new Grants(permissions);
    }

    /** The most that is granted in a space. */
    public Permission permission(SpaceId space) {
        Permission greatest = Permission.NONE;
        for (Map.Entry<String, Permission> grant : permissions.entrySet()) {
            if (grant.getValue().compareTo(greatest) > 0 && fits(grant.getKey(), space.name())) {
                greatest = grant.getValue();
            }
        }
        return greatest;
    }

    private static boolean fits(String pattern, String name) {
        return pattern.endsWith(ANY)
                ? name.startsWith(pattern.substring(0, pattern.length() - ANY.length()))
                : name.equals(pattern);
    }
}
