package dev.watersmeet.sync;

import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Metadata;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the documents of a space are marked by a version of the policy. While that is under way, no version holds: a former one must not be taken to hold again where some documents have the marks of another.
 *
 * @param version of the policy
 * @param done whether all documents are marked
 * @param position where the scan goes on that marks them; null at its beginning
 */
record MarkingProgress(String version, boolean done, @Nullable Cursor position) {
    private static final String KEY = "access/policy-version";
    private static final String UNDER_WAY = "marking\n";
    private static final String SEPARATOR = "\n"; // no version has one

    /** What is recorded; empty if there was never a policy. */
    static Optional<MarkingProgress> recorded(Metadata metadata) {
        return metadata.get(KEY).map(MarkingProgress::parse);
    }

    private static MarkingProgress parse(String recorded) {
        if (!recorded.startsWith(UNDER_WAY)) {
            return new MarkingProgress(recorded, true, null);
        }
        int end = recorded.indexOf(SEPARATOR, UNDER_WAY.length());
        String version = recorded.substring(UNDER_WAY.length(), end);
        String position = recorded.substring(end + SEPARATOR.length());
        return new MarkingProgress(version, false, position.isEmpty() ? null : new Cursor(position));
    }

    /** Records it. False if something else than the former was recorded meanwhile. */
    boolean record(Metadata metadata, @Nullable MarkingProgress former) {
        return metadata.compareAndSet(KEY, former == null ? null : former.text(), text());
    }

    private String text() {
        return done ? version : UNDER_WAY + version + SEPARATOR + (position == null ? "" : position.text());
    }
}
