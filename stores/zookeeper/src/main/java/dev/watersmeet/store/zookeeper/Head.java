package dev.watersmeet.store.zookeeper;

import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The state of a space, in its head: whatever is written to the space is written together with it, on the condition that it still is what the writer has read. A cursor is {@code epoch.number}, a position of a scan
 * {@code epoch~key of a document}.
 *
 * @param life under which all else of the space is kept; 0 if the space is deleted
 * @param condemned the life that is being erased; 0 if none is
 * @param epoch random, another one for each life
 * @param number of the last entry of the log
 * @param first the number of the first entry that is kept; what came before is older than {@code trimmed}
 * @param trimmed when the last entry was recorded that is not kept, in Unix milliseconds
 * @param recorded when the last entry was recorded
 * @param purged the number of the last entry that is of a purge
 * @param formerEpoch the epoch that was renewed last; 0 if none was
 * @param formerNumber the number of the last entry before that
 * @param size what the space has
 * @param commits the ids of the last commits: who does not know whether its own has taken effect finds out (Commits)
 */
record Head(
        long life,
        long condemned,
        long epoch,
        long number,
        long first,
        long trimmed,
        long recorded,
        long purged,
        long formerEpoch,
        long formerNumber,
        Size size,
        List<Long> commits) {
    /** How many commits are remembered. */
    static final int MAX_COMMITS = 64;

    /** Of a space that does not exist. */
    static final Head NONE = new Head(0, 0, 0, 0, 1, 0, 0, 0, 0, 0, Size.NONE, List.of());

    private static final int FORM = 1;
    private static final Pattern CURSOR = Pattern.compile("([0-9a-f]{16})\\.(0|[1-9][0-9]{0,17})");
    private static final Pattern POSITION = Pattern.compile("([0-9a-f]{16})~([0-9a-f]{" + Paths.KEY_LENGTH + "})");

    /**
     * What a space has.
     *
     * @param documents how many documents
     * @param replicas how many marks
     * @param bytes of documents, marks and metadata
     * @param logBytes of the log's entries that are kept
     */
    record Size(long documents, long replicas, long bytes, long logBytes) {
        static final Size NONE = new Size(0, 0, 0, 0);

        Size plus(long moreDocuments, long moreReplicas, long moreBytes, long moreLogBytes) {
            return new Size(
                    documents + moreDocuments, replicas + moreReplicas, bytes + moreBytes, logBytes + moreLogBytes);
        }
    }

    Head {
        commits = List.copyOf(commits);
    }

    /** A space that begins. */
    static Head begin(long life, long epoch, long now) {
        return new Head(life, 0, epoch, 0, 1, now, now, 0, 0, 0, Size.NONE, List.of());
    }

    boolean alive() {
        return life != 0;
    }

    /** The space without its life, which is to be erased. */
    Head ended() {
        return new Head(0, life, 0, 0, 1, 0, 0, 0, 0, 0, Size.NONE, commits);
    }

    /** The space with another entry in its log. Time never runs backwards along the log (S-18). */
    Head withEntry(long now, boolean purge, Size sizeWithIt) {
        long next = number + 1;
        return new Head(
                life,
                condemned,
                epoch,
                next,
                first,
                trimmed,
                Math.max(recorded, now),
                purge ? next : purged,
                formerEpoch,
                formerNumber,
                sizeWithIt,
                commits);
    }

    Head withSize(Size other) {
        return new Head(
                life,
                condemned,
                epoch,
                number,
                first,
                trimmed,
                recorded,
                purged,
                formerEpoch,
                formerNumber,
                other,
                commits);
    }

    /** The space without the entries before one. */
    Head trimmedTo(long firstKept, long lastTrimmed, long trimmedBytes) {
        return new Head(
                life,
                condemned,
                epoch,
                number,
                firstKept,
                lastTrimmed,
                recorded,
                purged,
                formerEpoch,
                formerNumber,
                size.plus(0, 0, 0, -trimmedBytes),
                commits);
    }

    /** The space with a new epoch, whose time begins now (S-21). The log is kept for its bytes to be counted off; no cursor leads to it any more. */
    Head withEpoch(long fresh, long now) {
        return new Head(life, condemned, fresh, number, first, now, now, purged, epoch, number, size, commits);
    }

    Head withCommit(long id) {
        List<Long> more =
                new ArrayList<>(commits.subList(Math.max(0, commits.size() - MAX_COMMITS + 1), commits.size()));
        more.add(id);
        return new Head(
                life,
                condemned,
                epoch,
                number,
                first,
                trimmed,
                recorded,
                purged,
                formerEpoch,
                formerNumber,
                size,
                more);
    }

    /** A cursor of now. */
    Cursor cursor() {
        return cursor(number);
    }

    Cursor cursor(long at) {
        return new Cursor("%016x.%d".formatted(epoch, at));
    }

    Cursor position(String key) {
        return new Cursor("%016x~%s".formatted(epoch, key));
    }

    CursorState state(Cursor cursor) {
        Matcher parts = CURSOR.matcher(cursor.text());
        if (!alive() || !parts.matches()) {
            return CursorState.EXPIRED;
        }
        long at = Long.parseLong(parts.group(2));
        long of = Long.parseUnsignedLong(parts.group(1), 16);
        if (of != epoch) {
            boolean former = of == formerEpoch && purged <= formerNumber; // S-25
            return former && at >= purged ? CursorState.BEFORE_RENEWAL : CursorState.EXPIRED;
        }
        if (at < first - 1 || at > number) {
            return CursorState.EXPIRED;
        }
        return at < purged ? CursorState.BEFORE_PURGE : CursorState.CURRENT;
    }

    /** The number in a cursor from which changes go on. */
    long numberOf(Cursor cursor) {
        CursorState state = state(cursor);
        if (state == CursorState.EXPIRED || state == CursorState.BEFORE_RENEWAL) {
            throw expired(cursor);
        }
        return Long.parseLong(cursor.text().substring(cursor.text().indexOf('.') + 1));
    }

    /** The key in a position of a scan. */
    String keyOf(Cursor position) {
        Matcher parts = POSITION.matcher(position.text());
        if (!alive() || !parts.matches() || Long.parseUnsignedLong(parts.group(1), 16) != epoch) {
            throw expired(position);
        }
        return parts.group(2);
    }

    static StoreException expired(Cursor cursor) {
        return new StoreException(
                StoreException.Kind.CURSOR_EXPIRED, "not, or no longer, a cursor of this space: " + cursor);
    }

    byte[] toBytes() {
        return Encoder.form(FORM)
                .fixed(life)
                .fixed(condemned)
                .fixed(epoch)
                .number(number)
                .number(first)
                .number(trimmed)
                .number(recorded)
                .number(purged)
                .fixed(formerEpoch)
                .number(formerNumber)
                .number(size.documents)
                .number(size.replicas)
                .number(size.bytes)
                .number(size.logBytes)
                .fixed(commits)
                .toBytes();
    }

    static Head parse(byte[] bytes) {
        Decoder in = Decoder.form(FORM, bytes);
        return new Head(
                in.fixed(),
                in.fixed(),
                in.fixed(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.fixed(),
                in.number(),
                new Size(in.number(), in.number(), in.number(), in.number()),
                in.fixedList());
    }
}
