package dev.watersmeet.crdt;

import java.util.Locale;

/** What a deletion does to edits that the deleter had not seen (M-20). It decides what a deleter writes; every reader honours both. */
public enum DeletionPolicy {
    /** Such an edit brings the document back, whole: nobody's work is lost. The default. */
    ADD_WINS,
    /** Whatever has the later stamp wins. */
    LAST_WRITER_WINS;

    /** The policy's name in a schema's JSON: {@code "add-wins"} (M-36). */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Parses a policy's name.
     *
     * @throws MalformedException if there is no such policy
     */
    public static DeletionPolicy parse(String text) {
        for (DeletionPolicy policy : values()) {
            if (policy.text().equals(text)) {
                return policy;
            }
        }
        throw MalformedException.of("a policy of deletion is add-wins or last-writer-wins", text);
    }
}
