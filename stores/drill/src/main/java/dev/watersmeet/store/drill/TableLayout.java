package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.Value;
import java.util.Map;

/** What the rows of a table are like, and the queries that read them. */
interface TableLayout {
    /** The views that show the table: the contents of their files by the views' names. */
    Map<String, String> views(Sources sources);

    /**
     * The query of what is kept when a table is compacted.
     *
     * @param since rows that are only history are kept if they are of this time or a later one, in Unix milliseconds
     */
    String kept(Sources sources, long since);

    /** The member of a row that is its version. */
    String version();

    /** How many columns of fields there are. */
    int columns();

    /** What has to be known of the rows that were written to write more. */
    Value state();
}
