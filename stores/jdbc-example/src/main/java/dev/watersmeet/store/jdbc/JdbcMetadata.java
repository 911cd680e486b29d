package dev.watersmeet.store.jdbc;

import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.SpaceId;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The metadata of a space. */
record JdbcMetadata(JdbcStore store, Spaces spaces, SpaceId space) implements Metadata {
    private static final String GET = "SELECT text FROM metadata WHERE space = ? AND name = ?";
    private static final String INSERT = "INSERT INTO metadata (text, space, name) VALUES (?, ?, ?)";
    private static final String UPDATE = "UPDATE metadata SET text = ? WHERE space = ? AND name = ?";

    @Override
    public Optional<String> get(String key) {
        return store.transaction(sql -> get(sql, key));
    }

    private Optional<String> get(Sql sql, String key) throws SQLException {
        return sql.list(GET, row -> row.getString(1), space.name(), key).stream()
                .findFirst();
    }

    @Override
    public boolean compareAndSet(String key, @Nullable String expected, String value) {
        Metadata.checkLength(key, value);
        return store.transaction(sql -> {
            spaces.lock(sql, space); // nobody comes between (S-17)
            boolean same = get(sql, key).equals(Optional.ofNullable(expected));
            return same && sql.update(expected == null ? INSERT : UPDATE, value, space.name(), key) == 1;
        });
    }
}
