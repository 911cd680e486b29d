package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The entries of logs: rows in partitions of {@value #BUCKET} each. */
final class Entries {
    /** How many entries a partition holds: of a kilobyte each, half a megabyte. */
    static final int BUCKET = 500;

    /** The time of a write that takes away all that was ever written, and will be. */
    static final long FOR_EVER = Long.MAX_VALUE;

    private static final int MAX_BATCH_BYTES = 1 << 20;
    private static final int FIRST_READ = 16;
    private static final int MAX_READ_BYTES = 4 << 20;

    // An entry is written once, and annulled at most once: its annulment stays.
    private static final String APPEND = "INSERT INTO %s.entry (space, life, log, bucket, sequence, body)"
            + " VALUES (?, ?, ?, ?, ?, ?) USING TIMESTAMP ?";
    private static final long APPENDED = 1;
    private static final long ANNULLED = 2;
    private static final String READ = "SELECT sequence, body FROM %s.entry WHERE space = ? AND life = ? AND log = ?"
            + " AND bucket = ? AND sequence > ? LIMIT ?";
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
            batch.add(write(space, log, sequence, body, APPENDED));
            bytes += body.length;
        }
        statements.run(statements.batch(batch));
    }

    void annul(SpaceKey space, long log, long sequence) {
        statements.run(write(space, log, sequence, new byte[0], ANNULLED));
    }

    private BoundStatement write(SpaceKey space, long log, long sequence, byte[] body, long time) {
        return statements.bind(
                APPEND,
                space.space().name(),
                space.life(),
                log,
                bucket(sequence),
                sequence,
                ByteBuffer.wrap(body),
                time);
    }

    /** Reads a few entries, and if they are small more at a time. */
    List<byte[]> read(SpaceKey space, long log, long after, int limit) {
        List<byte[]> found = new ArrayList<>();
        long bytes = 0;
        int wanted = Math.min(limit, FIRST_READ);
        while (wanted > 0 && bytes < MAX_READ_BYTES) {
            int before = found.size();
            long last = after + before;
            int inBucket = (int) Math.min(wanted, (bucket(last + 1) + 1) * BUCKET - last);
            for (Row row :
                    statements.rows(READ, space.space().name(), space.life(), log, bucket(last + 1), last, inBucket)) {
                if (row.getLong("sequence") != after + found.size() + 1) {
                    return found; // a hole
                }
                byte[] body = CassandraBackend.bytes(row, "body");
                found.add(body);
                bytes += body.length;
            }
            if (found.size() - before < inBucket) {
                return found;
            }
            long fitting = bytes == 0 ? limit : (MAX_READ_BYTES - bytes) * found.size() / bytes;
            wanted = (int) Math.min(limit - found.size(), fitting);
        }
        return found;
    }

    /** Deletes a log: bucket after bucket, and one more, which somebody may have been about to begin. */
    void delete(SpaceKey space, long log) {
        long bucket = 0;
        boolean written = true;
        while (written) {
            written = statements
                            .run(ANY, space.space().name(), space.life(), log, bucket)
                            .one()
                    != null;
            statements.run(DELETE, FOR_EVER, space.space().name(), space.life(), log, bucket);
            bucket++;
        }
    }
}
