package dev.watersmeet.sync;

import dev.watersmeet.store.SpaceId;
import java.util.Optional;

/** Who may do what: implemented by the application. Called for each request, so it answers fast; thread-safe. */
@FunctionalInterface
public interface Access {
    /** What a principal may do in a space. */
    Permission permission(Principal principal, SpaceId space);

    /**
     * Who may read and change which documents of a space, of those who may read or write there at all. Empty where every document is everybody's: nothing is judged or marked then.
     */
    default Optional<DocumentPolicy> documents(SpaceId space) {
        return Optional.empty();
    }

    /** This, with a policy for the documents of all spaces. */
    default Access withDocuments(DocumentPolicy policy) {
        Access permissions = this;
        return new Access() {
            @Override
            public Permission permission(Principal principal, SpaceId space) {
                return permissions.permission(principal, space);
            }

            @Override
            public Optional<DocumentPolicy> documents(SpaceId space) {
                return Optional.of(policy);
            }
        };
    }

    /** Everybody may do what the principal's {@link Grants} say, which without such are everything: for tokens that tell, and for development. */
    static Access asGranted() {
        return (principal, space) -> principal.grants().permission(space);
    }

    /** Everybody who is authenticated may write everywhere: for development. */
    static Access writeEverywhere() {
        return (principal, space) -> Permission.WRITE;
    }
}
