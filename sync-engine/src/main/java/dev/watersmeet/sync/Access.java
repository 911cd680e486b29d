package dev.watersmeet.sync;

import dev.watersmeet.store.SpaceId;

/** Who may do what: implemented by the application. Called for each request, so it answers fast; thread-safe. */
@FunctionalInterface
public interface Access {
    /** What a principal may do in a space. */
    Permission permission(Principal principal, SpaceId space);

    /** Everybody may do what the principal's {@link Grants} say, which without such are everything: for tokens that tell, and for development. */
    static Access asGranted() {
        return (principal, space) -> principal.grants().permission(space);
    }

    /** Everybody who is authenticated may write everywhere: for development. */
    static Access writeEverywhere() {
        return (principal, space) -> Permission.WRITE;
    }
}
