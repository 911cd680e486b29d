package dev.watersmeet.sync;

import dev.watersmeet.store.Mark;

/**
 * Somebody who was authenticated: a person, a device, a service.
 *
 * @param name stable and unique, at most {@value Mark#MAX_PRINCIPAL_LENGTH} characters; replica ids are bound to it
 */
public record Principal(String name) {
    public Principal {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a principal has a name");
        }
        if (name.length() > Mark.MAX_PRINCIPAL_LENGTH) {
            throw new IllegalArgumentException("a principal's name has at most " + Mark.MAX_PRINCIPAL_LENGTH
                    + " characters; found " + name.length());
        }
    }
}
