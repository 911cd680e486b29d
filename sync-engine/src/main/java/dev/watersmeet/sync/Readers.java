package dev.watersmeet.sync;

import dev.watersmeet.crdt.Cell;
import java.util.Map;
import java.util.Set;

/**
 * Who may read a document.
 *
 * @param marks its marks, by audience
 * @param audiences those who may: both by the marks and by the policy
 * @param agreed whether the marks are as the policy says
 */
record Readers(Map<String, Cell> marks, Set<String> audiences, boolean agreed) {
    /** Of a document that is not there. */
    static final Readers OF_NOTHING = new Readers(Map.of(), Set.of(), true);
}
