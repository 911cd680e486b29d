package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.watersmeet.store.processlogs.Backend;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entries of logs: rows in partitions of {@value #BUCKET} each.
 *
 * <p>A large entry is kept in two columns: how it begins, and the rest, which a read of many leaves out. Each says its size: so a read knows before it reads the rests how many of them it may.
 */
final class Entries {
    /** How many entries a partition holds: of a kilobyte each, half a megabyte. Not fewer than are appended at once: what is appended late to a log that is deleted goes no further than to its next partition. */
    static final int BUCKET = Backend.MAX_APPENDED;

    /** The time of a write that takes away all that was ever written, and will be. */
    static final long FOR_EVER = Long.MAX_VALUE;

    private static final int MAX_BATCH_BYTES = 1 << 20;
    /** Of larger entries this is how they begin. */
    static final int LARGE_ENTRY_BYTES = 16 << 10;
    /** What a read returns, besides its last entry. */
    static final int MAX_READ_BYTES = 2 << 20;

    // An entry is written once, and annulled at most once: its annulment stays.
    private static final String WRITE = "INSERT INTO %s.entry (space, life, log, bucket, sequence, size, body)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?";
    private static final String WRITE_LARGE =
            "INSERT INTO %s.entry (space, life, log, bucket, sequence, size, body, rest)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?";
    private static final long APPENDED = 1;
    private static final long ANNULLED = 2;
    private static final String READ = "SELECT sequence, size, body FROM %s.entry WHERE space = ? AND life = ?"
            + " AND log = ? AND bucket = ? AND sequence > ? LIMIT ?";
    private static final String READ_REST =
            "SELECT rest FROM %s.entry WHERE space = ? AND life = ? AND log = ? AND bucket = ? AND sequence = ?";
    private static final byte[] NO_REST = new byte[0];
    private static final String ANY =
            "SELECT sequence FROM %s.entry WHERE space = ? AND life = ? AND log = ? AND bucket = ? LIMIT 1";
    private static final String DELETE =
            "DELETE FROM %s.entry USING TIMESTAMP ? WHERE space = ? AND life = ? AND log = ? AND bucket = ?";

    private final Statements statements;

    Entries(Statements statements) {
        this.statements = statements;
    }

    private static long bucket(long sequence) {
        return (sequence - 1) / BUCKET;
    }

    void append(SpaceKey space, long log, long first, List<byte[]> bodies) {
        List<BoundStatement> batch = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < bodies.size(); i++) {
            long sequence = first + i;
            byte[] body = bodies.get(i);
            if (!batch.isEmpty()
                    && (bytes + body.length > MAX_BATCH_BYTES || bucket(sequence) != bucket(sequence - 1))) {
                statements.run(statements.batch(batch));
                batch.clear();
                bytes = 0;
            }
            batch.add(
                    body.length <= LARGE_ENTRY_BYTES
                            ? write(space, log, sequence, body)
                            : writeLarge(space, log, sequence, body, APPENDED));
            bytes += body.length;
        }
        statements.run(statements.batch(batch));
    }

    void annul(SpaceKey space, long log, long sequence) {
        statements.run(writeLarge(space, log, sequence, new byte[0], ANNULLED)); // the rest goes, too
    }

    private BoundStatement write(SpaceKey space, long log, long sequence, byte[] body) {
        return statements.bind(
                WRITE,
                space.space().name(),
                space.life(),
                log,
                bucket(sequence),
                sequence,
                body.length,
                ByteBuffer.wrap(body),
                APPENDED);
    }

    private BoundStatement writeLarge(SpaceKey space, long log, long sequence, byte[] body, long time) {
        int beginning = Math.min(body.length, LARGE_ENTRY_BYTES);
        return statements.bind(
                WRITE_LARGE,
                space.space().name(),
                space.life(),
                log,
                bucket(sequence),
                sequence,
                body.length,
                ByteBuffer.wrap(body, 0, beginning),
                ByteBuffer.wrap(body, beginning, body.length - beginning),
                time);
    }

    /** Reads entries, up to a hole: as many as are asked for, or have {@value #MAX_READ_BYTES} bytes, but one at least. */
    List<byte[]> read(SpaceKey space, long log, long after, int limit) {
        List<byte[]> found = new ArrayList<>();
        long room = MAX_READ_BYTES;
        boolean more = true;
        while (more && found.size() < limit) {
            long last = after + found.size();
            long bucket = bucket(last + 1);
            int wanted = (int) Math.min(limit - found.size(), (bucket + 1) * BUCKET - last);
            List<Row> taken = new ArrayList<>();
            for (Row row : statements.rows(READ, space.space().name(), space.life(), log, bucket, last, wanted)) {
                room -= row.getInt("size");
                boolean fits = room >= 0 || (found.isEmpty() && taken.isEmpty());
                if (!fits || row.getLong("sequence") != last + taken.size() + 1) {
                    break;
                }
                taken.add(row);
            }
            List<byte[]> whole = whole(space, log, taken);
            found.addAll(whole);
            more = whole.size() == wanted && room > 0;
        }
        return found;
    }

    /** The entries of rows, large ones with their rests; those before the first that was deleted since. */
    private List<byte[]> whole(SpaceKey space, long log, List<Row> rows) {
        Map<Long, byte[]> rests = new HashMap<>();
        statements.readAll(
                rows.stream()
                        .filter(Entries::isLarge)
                        .map(row -> row.getLong("sequence"))
                        .toList(),
                sequence ->
                        statements.bind(READ_REST, space.space().name(), space.life(), log, bucket(sequence), sequence),
                (sequence, found) -> found.forEach(row -> rests.put(sequence, Rows.bytes(row, "rest"))));
        List<byte[]> entries = new ArrayList<>();
        for (Row row : rows) {
            byte @Nullable [] rest = isLarge(row) ? rests.get(row.getLong("sequence")) : NO_REST;
            if (rest == null) {
                return entries;
            }
            entries.add(whole(row, rest));
        }
        return entries;
    }

    private static boolean isLarge(Row row) {
        return row.getInt("size") > LARGE_ENTRY_BYTES;
    }

    private static byte[] whole(Row row, byte[] rest) {
        byte[] beginning = Rows.bytes(row, "body");
        boolean annulled = isLarge(row) && rest.length == 0; // since the row was read
        return annulled
                ? rest
                : ByteBuffer.allocate(beginning.length + rest.length)
                        .put(beginning)
                        .put(rest)
                        .array();
    }

    /**
     * Deletes a log, and what is appended to it late: at most one group of entries, of a partition's size, for whoever appends looks at the space before the next. Partitions are deleted from the last one on, so that after an
     * interruption those that are left are found.
     */
    void delete(SpaceKey space, long log) {
        long bucket = 0;
        while (isWritten(space, log, bucket)) {
            bucket++;
        }
        for (; bucket >= 0; bucket--) {
            statements.run(DELETE, FOR_EVER, space.space().name(), space.life(), log, bucket);
        }
    }

    private boolean isWritten(SpaceKey space, long log, long bucket) {
        return statements
                        .run(ANY, space.space().name(), space.life(), log, bucket)
                        .one()
                != null;
    }
}
