package dev.watersmeet.format;

import dev.watersmeet.crdt.MalformedException;

/** A column of runs while it is read: each an integer and how many more times it stands (M-28). */
final class RunReader {
    private final ColumnReader column;
    private long current = -1;
    private long left;

    RunReader(ColumnReader column) {
        this.column = column;
    }

    long next() {
        if (left == 0) {
            begin();
        }
        left--;
        return current;
    }

    private void begin() {
        long value = column.integer();
        if (value == current) {
            throw column.malformed("two runs one after the other have the same integer");
        }
        current = value;
        left = column.integer() + 1;
    }

    /** The next integer, which has an upper bound. */
    int next(int max) {
        long value = next();
        if (value > max) {
            throw column.malformed("expected an integer up to " + max + ", found " + value);
        }
        return (int) value;
    }

    /** The next integer, which is the place of an entry in a dictionary. */
    int index(int size) {
        return column.index(next(), size);
    }

    /** Checks that all has been read. */
    void end() {
        if (left != 0) {
            throw column.malformed("a run is " + left + " longer than what it is of");
        }
        column.end();
    }

    MalformedException malformed(String what) {
        return column.malformed(what);
    }
}
