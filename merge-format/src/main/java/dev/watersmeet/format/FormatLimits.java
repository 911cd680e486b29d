package dev.watersmeet.format;

/** The bounds of the merge format's messages (P-15). */
public final class FormatLimits {
    /** A body, in bytes, after decompression. */
    public static final int MAX_BODY_BYTES = 8 << 20;

    /** Documents in a push. */
    public static final int MAX_PUSH_DOCUMENTS = 1_000;

    /** Cells in a push. */
    public static final int MAX_PUSH_CELLS = 20_000;

    /** Cells in a document of a push. */
    public static final int MAX_DOCUMENT_CELLS = 10_000;

    /** About how many cells a page has. */
    public static final int PAGE_CELLS = 5_000;

    private FormatLimits() {}
}
