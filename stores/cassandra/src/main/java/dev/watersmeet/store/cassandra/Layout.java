package dev.watersmeet.store.cassandra;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The numbers that tell in which partition something is. They are kept with the tables: a program with others would look in the wrong places, and find nothing. */
enum Layout {
    /** Over how many partitions the cells of a space are spread. */
    SHARDS(Cells.SHARDS),
    /** How many entries of a log are in a partition. */
    LOG_ENTRIES(Entries.BUCKET),
    /** Over how many partitions the names of spaces are spread. */
    NAMES(Inventory.BUCKETS);

    /** What it is in this program. */
    final int number;

    Layout(int number) {
        this.number = number;
    }

    /** Which row of {@code schema_version} it is kept in. */
    String row() {
        return "layout " + name().toLowerCase(Locale.ROOT);
    }

    /** The statements that keep the numbers of this program, where there are none. {@code %s} stands for the keyspace. */
    static List<String> statements() {
        return Arrays.stream(values())
                .map(part -> "INSERT INTO %s.schema_version (store, version) VALUES ('" + part.row() + "', "
                        + part.number + ") IF NOT EXISTS")
                .toList();
    }
}
