package dev.watersmeet.sync;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.store.Mark;

/**
 * Somebody who was authenticated: a person, a device, a service.
 *
 * @param name stable and unique; replica ids are bound to it. At most {@value Mark#MAX_PRINCIPAL_LENGTH} characters, and no control characters, for it stands in logs and answers
 * @param grants the most that it may do, whatever the {@link Access} allows
 */
public record Principal(String name, Grants grants) {
    public Principal {
        requireNonNull(grants);
        if (name.isBlank()) {
            throw new IllegalArgumentException("a principal has a name");
        }
        if (name.length() > Mark.MAX_PRINCIPAL_LENGTH) {
            throw new IllegalArgumentException("a principal's name has at most " + Mark.MAX_PRINCIPAL_LENGTH
                    + " characters; found " + name.length());
        }
        if (name.codePoints().anyMatch(Principal::isControl)) {
            throw new IllegalArgumentException("a principal's name has no control characters or line breaks");
        }
    }

    /** A principal that may do what the {@link Access} allows. */
    public Principal(String name) {
        this(name, Grants.everything());
    }

    /** Whether a character breaks lines, moves the cursor of a terminal, or turns the direction of what follows it. */
    private static boolean isControl(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            case Character.SURROGATE -> true; // a half of a character
            default -> false;
        };
    }
}
