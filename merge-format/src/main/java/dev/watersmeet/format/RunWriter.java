package dev.watersmeet.format;

/** A column of runs while it is written (M-28). */
final class RunWriter {
    private final ColumnWriter column;
    private long current;
    private long count;

    RunWriter(ColumnWriter column) {
        this.column = column;
    }

    void add(long value) {
        if (count > 0 && value != current) {
            end();
        }
        current = value;
        count++;
    }

    /** Writes the last run. */
    void end() {
        if (count > 0) {
            column.integer(current);
            column.integer(count - 1);
            count = 0;
        }
    }
}
