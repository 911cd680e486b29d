package dev.watersmeet.store.cassandra;

import static java.util.Comparator.comparing;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import dev.watersmeet.store.StoreException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store's tables: makes them, brings them to this program's version, and refuses those of a later one. */
final class Tables {
    private static final Logger LOG = LoggerFactory.getLogger(Tables.class);

    private static final Duration STATEMENT_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration AGREEMENT = Duration.ofSeconds(30);
    private static final Duration TURN_PATIENCE = Duration.ofMinutes(3);
    private static final Duration TURN_LOOK = Duration.ofMillis(200);

    // A table that two nodes make at the same time would be two: so servers that start together take turns. The turn of
    // one that has died ends by itself.
    private static final String TAKE_TURN =
            "INSERT INTO %s.schema_version (store, version) VALUES ('turn', %d) IF NOT EXISTS USING TTL 120";
    private static final String END_TURN = "DELETE FROM %s.schema_version WHERE store = 'turn' IF version = %d";
    private static final String NUMBER = "SELECT version FROM %s.schema_version WHERE store = '%row'";

    private final CqlSession session;
    private final CassandraOptions options;
    private final List<SchemaVersion> versions;
    /** Which gets all statements: it knows what it has changed before the others do. Servers that start together choose the same, the first that answers; null, and any, if none does. */
    private final @Nullable Node node;

    private final int turn = new SecureRandom().nextInt();

    /** @param versions all that the program knows, in their order */
    Tables(CqlSession session, CassandraOptions options, List<SchemaVersion> versions) {
        this.session = session;
        this.options = options;
        this.versions = versions;
        this.node = session.getMetadata().getNodes().values().stream()
                .filter(known -> known.getDistance() == NodeDistance.LOCAL && known.getState() != NodeState.DOWN)
                .sorted(comparing(known -> Objects.requireNonNull(known.getHostId())))
                .filter(this::answers)
                .findFirst()
                .orElse(null);
    }

    private boolean answers(Node known) {
        try {
            session.execute(
                    SimpleStatement.newInstance("SELECT key FROM system.local").setNode(known));
            return true;
        } catch (DriverException e) {
            LOG.warn("{} does not answer, and another node is asked for the tables", known.getEndPoint(), e);
            return false;
        }
    }

    /** The statements that make the last version of another one, a line each; 0 is none. */
    static String script(CassandraOptions options, List<SchemaVersion> versions, int from) {
        List<String> statements = new ArrayList<>(from == 0 ? foundation(options) : List.of());
        for (SchemaVersion version : after(versions, from)) {
            statements.addAll(version.script(options.keyspace()));
        }
        return String.join(";\n", statements) + ";\n";
    }

    private static List<String> foundation(CassandraOptions options) {
        return List.of(
                "CREATE KEYSPACE IF NOT EXISTS " + options.keyspace() + " WITH replication = " + options.replication(),
                SchemaVersion.VERSION_TABLE.replace("%s", options.keyspace()));
    }

    private static List<SchemaVersion> after(List<SchemaVersion> versions, int from) {
        return versions.stream().filter(version -> version.number() > from).toList();
    }

    void prepare() {
        int last = versions.size();
        int found = version();
        if (found < last) {
            if (!options.createTables()) {
                throw unusable((found == 0 ? "the tables are missing in" : "the tables are of version " + found + " in")
                        + " keyspace " + options.keyspace() + "; run:\n" + script(options, versions, found));
            }
            bringUp();
            found = version();
        }
        if (found != last) {
            throw unusable("the tables in keyspace " + options.keyspace() + " are of version " + found
                    + ", and this program knows those up to " + last + "; use a later release of it");
        }
        awaitAgreement();
        requireTables();
        requireLayout();
    }

    /** The number of the version; 0 if there is none. */
    private int version() {
        if (!has("schema_version")) {
            session.refreshSchema();
            if (!has("schema_version")) {
                return 0;
            }
        }
        return number("watersmeet");
    }

    /** A number that is kept; 0 if it is not. */
    private int number(String row) {
        @Nullable
        Row found = session.execute(
                        SimpleStatement.newInstance(inKeyspace(NUMBER).replace("%row", row))
                                .setTimeout(STATEMENT_TIMEOUT)
                                .setConsistencyLevel(options.conditions())
                                .setNode(node))
                .one();
        return found == null ? 0 : found.getInt("version");
    }

    private String inKeyspace(String statement) {
        return statement.replace("%s", options.keyspace());
    }

    /** A statement of this server's turn, which nobody else ends. */
    private String ofTurn(String statement) {
        return inKeyspace(statement).replace("%d", Integer.toString(turn));
    }

    private boolean has(String table) {
        return keyspace().flatMap(keyspace -> keyspace.getTable(table)).isPresent();
    }

    private Optional<KeyspaceMetadata> keyspace() {
        return session.getMetadata().getKeyspace(options.keyspace());
    }

    private void bringUp() {
        foundation(options).forEach(this::change);
        takeTurn();
        try {
            for (SchemaVersion next : after(versions, version())) {
                LOG.info("bringing the tables in keyspace {} to version {}", options.keyspace(), next.number());
                next.script(options.keyspace()).forEach(this::change);
            }
        } finally {
            execute(ofTurn(END_TURN));
        }
        session.refreshSchema();
    }

    private void change(String statement) {
        execute(statement);
        awaitAgreement();
    }

    private ResultSet execute(String statement) {
        return session.execute(SimpleStatement.newInstance(statement)
                .setTimeout(STATEMENT_TIMEOUT)
                .setNode(node)
                .setConsistencyLevel(options.consistency())
                .setSerialConsistencyLevel(options.conditions()));
    }

    private void takeTurn() {
        long deadline = System.nanoTime() + TURN_PATIENCE.toNanos();
        while (!execute(ofTurn(TAKE_TURN)).wasApplied()) {
            if (System.nanoTime() > deadline) {
                throw unusable("another server has been changing the tables in keyspace " + options.keyspace()
                        + " for more than " + TURN_PATIENCE.toMinutes() + " minutes; stop it, and run: "
                        + inKeyspace(END_TURN));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(TURN_LOOK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE, "interrupted while another server was changing the tables", e);
        }
    }

    private void awaitAgreement() {
        long deadline = System.nanoTime() + AGREEMENT.toNanos();
        while (!isAgreed()) {
            if (System.nanoTime() > deadline) {
                throw unusable("the nodes do not agree on the schema; see `nodetool describecluster`");
            }
            pause();
        }
    }

    /** Whether all nodes that are up have the schema of the node that it was changed on, as that node hears. Another one may not have heard of the change, and so take all for agreed. */
    private boolean isAgreed() {
        Set<UUID> versions = new HashSet<>();
        for (String nodes : List.of("local", "peers")) {
            for (Row row : execute("SELECT host_id, schema_version FROM system." + nodes)) {
                @Nullable UUID version = row.getUuid("schema_version");
                @Nullable Node known = session.getMetadata().getNodes().get(row.getUuid("host_id"));
                // A row without a version is what a node left behind that is gone.
                if (version != null && (known == null || known.getState() != NodeState.DOWN)) {
                    versions.add(version);
                }
            }
        }
        return versions.size() == 1;
    }

    private void requireTables() {
        if (!SchemaVersion.TABLES.stream().allMatch(this::has)) {
            session.refreshSchema();
        }
        for (String table : SchemaVersion.TABLES) {
            if (!has(table)) {
                throw unusable("table " + table + " is missing in keyspace " + options.keyspace()
                        + ", where the others are: restore all of them from a backup");
            }
        }
    }

    private void requireLayout() {
        for (Layout part : Layout.values()) {
            int found = number(part.row());
            if (found != part.number) {
                throw unusable("the tables in keyspace " + options.keyspace() + " are laid out otherwise than this"
                        + " program does: `" + part.row() + "` of schema_version is "
                        + (found == 0 ? "missing" : found) + ", and here it is " + part.number
                        + "; use the release that made them");
            }
        }
    }

    private static StoreException unusable(String message) {
        return new StoreException(StoreException.Kind.UNUSABLE, message);
    }
}
