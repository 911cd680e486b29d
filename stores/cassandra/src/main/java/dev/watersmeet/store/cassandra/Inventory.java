package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which spaces there are, and which partitions belong to each life of one. A partition is noted before its first row is written, and the note looked at again: who erases a life says so first, and then looks for notes. So either
 * the note is found, and what is written to the partition is taken away however late it comes, or the writer finds the life erased and writes nothing.
 */
final class Inventory {
    static final int BUCKETS = 16;
    private static final int MAX_NOTED = 10_000;
    private static final String LOG = "LOG";
    private static final String GENERATION = "GENERATION";
    private static final String ERASED = "ERASED";
    private static final ByteBuffer NO_NAME = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private static final String ENLIST = "INSERT INTO %s.space_name (bucket, name, life) VALUES (?, ?, ?)";
    private static final String UNLIST = "DELETE FROM %s.space_name WHERE bucket = ? AND name = ? AND life = ?";
    private static final String LIST =
            "SELECT name FROM %s.space_name WHERE bucket = ? AND name > ? GROUP BY bucket, name LIMIT ?";
    private static final String NOTE = "INSERT INTO %s.member (space, life, kind, name) VALUES (?, ?, ?, ?)";
    private static final String NOTED = "SELECT kind FROM %s.member WHERE space = ? AND life = ?"
            + " AND (kind, name) IN ((?, ?), ('" + ERASED + "', 0x))";
    private static final String FORGET = "DELETE FROM %s.member WHERE space = ? AND life = ? AND kind = ? AND name = ?";
    private static final String MEMBERS = "SELECT kind, name FROM %s.member WHERE space = ? AND life = ?";
    private static final String DELETE_RECORD =
            "DELETE FROM %s.record USING TIMESTAMP ? WHERE space = ? AND life = ? AND kind = ? AND name = ?";
    private static final String DELETE_TIPS =
            "DELETE FROM %s.tip USING TIMESTAMP ? WHERE space = ? AND life = ? AND generation = ?";
    private static final String DELETE_PAGES =
            "DELETE FROM %s.page USING TIMESTAMP ? WHERE space = ? AND life = ? AND generation = ?";
    private static final String DELETE_MEMBERS = "DELETE FROM %s.member USING TIMESTAMP ? WHERE space = ? AND life = ?";

    private final Statements statements;
    private final Entries entries;
    private final Cache<Generation, Boolean> noted =
            Caffeine.newBuilder().maximumSize(MAX_NOTED).build();

    private record Generation(SpaceKey space, long number) {}

    Inventory(Statements statements, Entries entries) {
        this.statements = statements;
        this.entries = entries;
    }

    private static int bucket(SpaceId space) {
        return Math.floorMod(space.name().hashCode(), BUCKETS);
    }

    void enlist(SpaceKey space) {
        statements.run(ENLIST, bucket(space.space()), space.space().name(), space.life());
    }

    List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
        TreeSet<SpaceId> found = new TreeSet<>();
        statements.readAll(
                IntStream.range(0, BUCKETS).boxed().toList(),
                bucket -> statements.bind(LIST, bucket, after == null ? "" : after.name(), limit),
                (bucket, rows) ->
                        rows.forEach(row -> found.add(SpaceId.of(Objects.requireNonNull(row.getString("name"))))));
        return found.stream().limit(limit).toList();
    }

    /**
     * Notes a partition: before its first row is written.
     *
     * @throws StoreException of kind {@code UNAVAILABLE} if the life is erased
     */
    void note(SpaceKey space, String kind, ByteBuffer name) {
        statements.run(NOTE, space.space().name(), space.life(), kind, name);
        List<Row> noted = new ArrayList<>();
        statements.rows(NOTED, space.space().name(), space.life(), kind, name).forEach(noted::add);
        if (noted.size() != 1 || !kind.equals(noted.get(0).getString("kind"))) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE,
                    space.space() + " was deleted while it was written to; write again what is to be in it now");
        }
    }

    void noteLog(SpaceKey space, long log) {
        note(space, LOG, bytes(log));
    }

    void noteGeneration(SpaceKey space, long generation) {
        Generation key = new Generation(space, generation);
        if (noted.getIfPresent(key) == null) {
            note(space, GENERATION, bytes(generation));
            noted.put(key, true);
        }
    }

    private static ByteBuffer bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).flip();
    }

    void deleteLog(SpaceKey space, long log) {
        entries.delete(space, log);
        statements.run(FORGET, space.space().name(), space.life(), LOG, bytes(log));
    }

    void deleteGeneration(SpaceKey space, long generation) {
        statements.run(DELETE_TIPS, Entries.FOR_EVER, space.space().name(), space.life(), generation);
        statements.run(DELETE_PAGES, Entries.FOR_EVER, space.space().name(), space.life(), generation);
        statements.run(FORGET, space.space().name(), space.life(), GENERATION, bytes(generation));
    }

    /** Erases a life's partitions. Once begun it may be interrupted, and repeated. */
    void erase(SpaceKey space) {
        statements.run(NOTE, space.space().name(), space.life(), ERASED, NO_NAME);
        List<Row> members = new ArrayList<>();
        statements.rows(MEMBERS, space.space().name(), space.life()).forEach(members::add);
        for (Row member : members) {
            String kind = Objects.requireNonNull(member.getString("kind"));
            ByteBuffer name = Objects.requireNonNull(member.getByteBuffer("name"));
            switch (kind) {
                case LOG -> entries.delete(space, name.getLong(name.position()));
                case GENERATION -> deleteGeneration(space, name.getLong(name.position()));
                case ERASED -> {} // goes at the end
                default ->
                    statements.run(
                            DELETE_RECORD, Entries.FOR_EVER, space.space().name(), space.life(), kind, name);
            }
        }
        statements.run(DELETE_MEMBERS, Entries.FOR_EVER, space.space().name(), space.life());
        statements.run(UNLIST, bucket(space.space()), space.space().name(), space.life());
    }
}
