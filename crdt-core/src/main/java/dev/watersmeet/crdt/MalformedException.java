package dev.watersmeet.crdt;

/** Thrown where data from outside is not what the merge format describes. The message names the rule's demand and the offending value. */
public final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 80;

    private MalformedException(String message) {
        super(message);
    }

    /** An exception whose message states what was expected. */
    public static MalformedException of(String expected) {
        return new MalformedException(expected);
    }

    /** An exception whose message states what was expected and shows the beginning of what was found, with control characters made harmless. */
    public static MalformedException of(String expected, String found) {
        String shown =
                found.length() <= SHOWN ? found : found.substring(0, SHOWN) + "… (" + found.length() + " characters)";
        return new MalformedException(expected + "; found " + CanonicalWriter.quote(shown));
    }
}
