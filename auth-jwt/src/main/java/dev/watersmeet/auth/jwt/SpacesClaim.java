package dev.watersmeet.auth.jwt;

import dev.watersmeet.sync.Grants;
import dev.watersmeet.sync.Permission;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the claim of spaces grants. */
final class SpacesClaim {
    private static final Map<String, Permission> PERMISSIONS =
            Map.of("read", Permission.READ, "write", Permission.WRITE, "relay", Permission.RELAY);

    private SpacesClaim() {}

    /**
     * Reads the claim.
     *
     * @throws IllegalArgumentException if it is something else than an object of permissions: a token that cannot be understood as a whole grants nothing
     */
    static Grants grants(String name, @Nullable Object claim) {
        Map<String, Permission> granted = new HashMap<>();
        if (claim instanceof Map<?, ?> permissions) {
            permissions.forEach(
                    (space, permission) -> granted.put(String.valueOf(space), permission(name, permission)));
        } else if (claim != null) {
            throw new IllegalArgumentException("the claim " + name + " is not an object");
        }
        return Grants.of(granted);
    }

    private static Permission permission(String name, @Nullable Object text) {
        Permission permission = text == null ? null : PERMISSIONS.get(text);
        if (permission == null) {
            throw new IllegalArgumentException(
                    "the claim " + name + " grants something else than read, write or relay");
        }
        return permission;
    }
}
