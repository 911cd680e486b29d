package dev.watersmeet.sync;

/**
 * Somebody who was authenticated: a person, a device, a service.
 *
 * @param name stable and unique; replica ids are bound to it
 */
public record Principal(String name) {
    public Principal {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a principal has a name");
        }
    }
}
