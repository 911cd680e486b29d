package dev.watersmeet.crdt;

import org.jspecify.annotations.Nullable;

/** What a path is for: the first member of its text (M-10). A field's name can never be mistaken for it. */
public enum Kind {
    /** The stamp of a replica's latest edit. */
    EXISTENCE("e", Content.NOTHING, Content.NEVER),
    /** The stamp of the existence that a deleter saw; or, at {@code *}, of a deletion by the latest writer. */
    DELETION("d", Content.NEVER, Content.NOTHING),
    /** A field whose latest write wins. */
    REGISTER("r", Content.VALUE, Content.NOTHING),
    /** An element of a set, added by one replica. */
    SET("s", Content.NOTHING, Content.NOTHING),
    /** One replica's total of a counter. */
    COUNTER("c", Content.NUMBER, Content.NEVER),
    /** The total of one replica at which a counter was reset. */
    COUNTER_BASE("b", Content.NEVER, Content.NUMBER),
    /** One of the values of a field that keeps concurrent writes apart, assigned by one replica. */
    MULTI("m", Content.NOTHING, Content.NOTHING),
    /** A leaf of a nested object. */
    MAP("n", Content.LEAF, Content.NOTHING),
    /** A record that is not an object. */
    ROOT("v", Content.VALUE, Content.NOTHING),
    /** Who may read the document: a server's own mark, which never travels (P-24). */
    ACCESS("a", Content.NOTHING, Content.NOTHING);

    /** What a cell may hold, live or removed. */
    private enum Content {
        NEVER,
        NOTHING,
        VALUE,
        NUMBER,
        /** A value that is no object with members of its own: these would be leaves. */
        LEAF
    }

    private final String code;
    private final Content live;
    private final Content removed;

    Kind(String code, Content live, Content removed) {
        this.code = code;
        this.live = live;
        this.removed = removed;
    }

    /** The kind's text on the wire: one letter. */
    public String code() {
        return code;
    }

    /** Whether a field follows in a path. */
    public boolean hasField() {
        return switch (this) {
            case EXISTENCE, DELETION, ROOT, ACCESS -> false;
            case REGISTER, SET, COUNTER, COUNTER_BASE, MULTI, MAP -> true;
        };
    }

    static Kind parse(String code) {
        for (Kind kind : values()) {
            if (kind.code.equals(code)) {
                return kind;
            }
        }
        throw MalformedException.of("a path starts with one of e, d, r, s, c, b, m, n, v, a", code);
    }

    /**
     * Checks that a cell is of the form that stands at paths of this kind.
     *
     * @throws MalformedException if it is not
     */
    void check(Cell cell) {
        Value value = cell.value();
        boolean fits = cell.removed() ? fits(removed, value) : fits(live, value);
        if (!fits) {
            throw MalformedException.of("a cell of kind " + code + " is " + describe(), cell.toString());
        }
    }

    private static boolean fits(Content content, @Nullable Value value) {
        return switch (content) {
            case NEVER -> false;
            case NOTHING -> value == null;
            case VALUE -> value != null;
            case NUMBER -> value != null && value.isNumber();
            case LEAF -> value != null && MapType.isLeaf(value);
        };
    }

    private String describe() {
        return switch (this) {
            case EXISTENCE -> "live and has no value";
            case DELETION -> "removed and has no value";
            case REGISTER, ROOT -> "live with a value, or removed without";
            case SET, MULTI, ACCESS -> "without a value";
            case MAP -> "live with a value that is no object with members, or removed without";
            case COUNTER -> "live and has a number";
            case COUNTER_BASE -> "removed and has a number";
        };
    }
}
