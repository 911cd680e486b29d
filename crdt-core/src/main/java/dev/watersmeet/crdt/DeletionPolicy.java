package dev.watersmeet.crdt;

/** What a deletion does to edits that the deleter had not seen (M-20). It decides what a deleter writes; every reader honours both. */
public enum DeletionPolicy {
    /** Such an edit brings the document back, whole: nobody's work is lost. The default. */
    ADD_WINS,
    /** Whatever has the later stamp wins. */
    LAST_WRITER_WINS
}
