package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which spaces there are, and which partitions belong to each: noted before the first of their rows is written, so that all of them are found when they are to be erased. */
final class Inventory {
    private static final int BUCKETS = 16;
    private static final int MAX_NOTED = 10_000;
    private static final String LOG = "LOG";
    private static final String GENERATION = "GENERATION";

    private static final String ENLIST = "INSERT INTO %s.space_name (bucket, name, life) VALUES (?, ?, ?)";
    private static final String UNLIST = "DELETE FROM %s.space_name WHERE bucket = ? AND name = ? AND life = ?";
    private static final String LIST =
            "SELECT name FROM %s.space_name WHERE bucket = ? AND name > ? GROUP BY bucket, name LIMIT ?";
    private static final String NOTE = "INSERT INTO %s.member (space, life, kind, name) VALUES (?, ?, ?, ?)";
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

    void note(SpaceKey space, String kind, ByteBuffer name) {
        statements.run(NOTE, space.space().name(), space.life(), kind, name);
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

    void erase(SpaceKey space) {
        List<Row> members = new ArrayList<>();
        statements.rows(MEMBERS, space.space().name(), space.life()).forEach(members::add);
        for (Row member : members) {
            String kind = Objects.requireNonNull(member.getString("kind"));
            ByteBuffer name = Objects.requireNonNull(member.getByteBuffer("name"));
            switch (kind) {
                case LOG -> entries.delete(space, name.getLong(name.position()));
                case GENERATION -> deleteGeneration(space, name.getLong(name.position()));
                default ->
                    statements.run(
                            DELETE_RECORD, Entries.FOR_EVER, space.space().name(), space.life(), kind, name);
            }
        }
        statements.run(DELETE_MEMBERS, Entries.FOR_EVER, space.space().name(), space.life());
        statements.run(UNLIST, bucket(space.space()), space.space().name(), space.life());
    }
}
