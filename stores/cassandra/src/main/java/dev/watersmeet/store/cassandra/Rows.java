package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.watersmeet.crdt.Path;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is in the columns of rows, by their names, or faster by their places. */
final class Rows {
    private Rows() {}

    /** A blob; empty if there is none. */
    static byte[] bytes(Row row, String column) {
        return bytes(row, row.firstIndexOf(column));
    }

    static byte[] bytes(Row row, int column) {
        @Nullable ByteBuffer buffer = row.getBytesUnsafe(column);
        byte[] bytes = new byte[buffer == null ? 0 : buffer.remaining()];
        if (buffer != null) {
            buffer.get(bytes);
        }
        return bytes;
    }

    static Path path(Row row, int column) {
        return Path.parse(Objects.requireNonNull(row.getString(column)));
    }
}
