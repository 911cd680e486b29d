package dev.watersmeet.store.tck;

/** The numbered rules of a store's contract, in short, with what most often breaks them. Their full text is the Javadoc of {@code Store}, {@code Metadata} and {@code Maintenance}. */
enum Rule {
    S1("What join has returned for is durable and visible to every reader of every instance."
            + " Stores break this that acknowledge before they have committed, or read from replicas that lag."),
    S2("A batch is applied as a whole or not at all. Stores break this that write its documents one by one."),
    S3("At each path the greatest cell stays, whatever the order and number of joins."
            + " Stores break this that let the latest arrival win, or compare values by length or by a collation."),
    S4("What this instance has joined is read, each document by its exact name; the states belong to the caller."
            + " Stores break this that fold case, trim, normalise, escape ambiguously, or hand out what they cache."),
    S5("A replica's mark with the greatest number stays, and who has seen a mark reads the cells of its push."
            + " Stores break this that overwrite the mark, or write it before the cells."),
    S6(
            "Changes never omit what was written. Stores break this that take a number, a time or an auto-increment before they"
                    + " commit: a reader who has seen a later number passes the late commit by."),
    S7("A page holds whole batches, at least one, and otherwise about as many cells and bytes as are allowed."
            + " Who has read all pages holds a state that existed. Stores break this that page by rows, count cells and not"
            + " bytes, or read the head and the cells in two statements."),
    S8("A cursor or position that this space did not give out, or that is too old, is refused as CURSOR_EXPIRED."
            + " Stores break this that take an unknown cursor for the beginning, or for the end."),
    S9("Cursors survive restarts and stay within their bound however many there are."
            + " Stores break this that number in memory, or name every process that ever was in each cursor."),
    S10("Who takes the head, scans and follows the changes from that head misses nothing."
            + " Stores break this that scan a copy which lags behind the head."),
    S11(
            "A scan finds every document that is left alone exactly once, whatever is written meanwhile, and goes on from any"
                    + " position. Stores break this that page by offset."),
    S12("A listener is called soon after a space has changed, often enough to be of use."
            + " Stores break this that never call, or that mix subscriptions up."),
    S13("Closing twice does nothing, later calls are refused as CLOSED, and listeners are called."
            + " Stores break this that go on with a pool that is still open, or leave who waits waiting."),
    S14("What a store does not claim it refuses. Stores break this that do a part of it, or nothing, and return."),
    S15(
            "A batch above a limit is refused as TOO_LARGE, names the documents that are above one, and changes nothing."
                    + " Stores break this that find out from the database, after a part was written or the connection was lost."),
    S16("The check of a cursor agrees with what changes and join do with it, and throws for none."
            + " Stores break this that check its form only."),
    S17("Of several who set the same metadata from the same value one succeeds, and what was set comes back as it was."
            + " Stores break this that compare first and set later."),
    S18(
            "A purge drops removals and dead documents that were recorded before the instant, at once and for every instance,"
                    + " and nothing else. Stores break this that go by stamps, or that decide on what they read and drop later."),
    S19("A purge is in the log and names what it drops: who follows the changes over it ends with what a scan finds."
            + " Stores break this that drop without an entry, or mix what was dropped with what was written after it."),
    S20(
            "A purge moves the fence: cursors from before it are no basis for a batch, those given out after its instant are"
                    + " still followed. Stores break this that check the basis before they apply the batch, not as they do."),
    S21("A new epoch ends all earlier cursors and positions, begins the log's time anew, and changes nothing else."
            + " Stores break this that renew in memory, or forget the positions of scans."),
    S22("Every space that was written to is listed once, in order; no other is."
            + " Stores break this that list what they have open."),
    S23("A deleted space is gone with all that belongs to it, its cursors expire for ever, its listeners are called."
            + " Stores break this that delete documents and leave marks or metadata, delete them in a later step, or number on where the log"
            + " ended."),
    S24("A batch that follows another mark than the replica has when it is applied is refused as MARK_MOVED."
            + " Stores break this that compare before they apply the batch, not as they do."),
    S25(
            "A cursor of the epoch that a renewal has ended is BEFORE_RENEWAL if it covers all that the copy had purged, until the next"
                    + " purge or renewal; all other cursors of earlier epochs are EXPIRED. Stores break this that forget which epoch"
                    + " was before, or that compare with the end of the copy's log.");

    private final String statement;

    Rule(String statement) {
        this.statement = statement;
    }

    /** The rule that a test's name starts with. */
    static Rule of(String displayName) {
        return valueOf(displayName.substring(0, displayName.indexOf(':')).replace("-", ""));
    }

    /** The rule as the contract numbers it. */
    String number() {
        return "S-" + name().substring(1);
    }

    /** What the rule says, and what most often breaks it. */
    String explanation() {
        return "rule " + number() + " of dev.watersmeet.store.Store: " + statement;
    }
}
