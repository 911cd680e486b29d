package dev.watersmeet.server;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.watersmeet.store.cassandra.CassandraOptions;
import dev.watersmeet.store.cassandra.CassandraStore;
import dev.watersmeet.testing.cassandra.CassandraCluster;
import dev.watersmeet.testing.cassandra.NodeManagement;
import dev.watersmeet.testing.forked.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node that asks for a password and speaks TLS only, and on which a role may do no more than the guide says. All tests of a run share it; it ends with the process. */
final class SecuredCluster {
    private static final String ROLE = "watersmeet";
    private static final int ATTEMPTS = 60;

    private static @Nullable SecuredCluster shared;

    private final Path folder;
    private final CassandraCluster cluster;

    private SecuredCluster(Path folder, CassandraCluster cluster) {
        this.folder = folder;
        this.cluster = cluster;
    }

    /** The one that all share, started when the first needs it. */
    static synchronized SecuredCluster shared() throws IOException, InterruptedException {
        if (shared == null) {
            shared = start(Files.createTempDirectory("cassandra"));
        }
        return shared;
    }

    private static SecuredCluster start(Path folder) throws IOException, InterruptedException {
        Certificate node = Certificate.make(folder, "node");
        Certificate.make(folder, "stranger");
        String security =
                """
                authenticator: PasswordAuthenticator
                authorizer: CassandraAuthorizer
                role_manager: CassandraRoleManager
                client_encryption_options:
                  enabled: true
                  optional: false
                  keystore: %s
                  keystore_password: %s
                  store_type: PKCS12
                """
                        .formatted(node.keyStore(), Certificate.PASSWORD);
        CassandraCluster cluster = CassandraCluster.start(folder.resolve("cassandra"), 1, security);
        SecuredCluster secured = new SecuredCluster(folder, cluster);
        try {
            secured.prepare();
            return secured;
        } catch (RuntimeException | IOException | InterruptedException e) {
            cluster.close();
            throw e;
        }
    }

    private void prepare() throws IOException, InterruptedException {
        try (CqlSession superuser = awaitSuperuser()) {
            execute(superuser, "CREATE ROLE " + ROLE + " WITH LOGIN = true AND PASSWORD = 'of the role'");
            execute(superuser, "GRANT SELECT ON system_views.settings TO " + ROLE);
            allow(superuser, CassandraOptions.defaults());
        }
    }

    /** The first of all roles is made a moment after the node answers. */
    private CqlSession awaitSuperuser() throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return session("cassandra", "cassandra");
            } catch (AllNodesFailedException e) {
                boolean refused = e.getAllErrors().values().stream()
                        .flatMap(List::stream)
                        .allMatch(AuthenticationException.class::isInstance);
                if (!refused || attempt == ATTEMPTS) {
                    throw e;
                }
                Thread.sleep(500);
            }
        }
    }

    private CqlSession session(String name, String password) throws IOException {
        return CqlSession.builder()
                .withLocalDatacenter(CassandraCluster.DATACENTER)
                .addContactPoint(cluster.nodes().get(0).address())
                .withConfigLoader(DriverConfigLoader.fromPath(driverConfiguration(name, password, "node")))
                .build();
    }

    /** Makes a keyspace by the script, and lets the role use it. */
    private static void allow(CqlSession superuser, CassandraOptions options) {
        CassandraStore.script(options.withCopies(1)).lines().forEach(statement -> execute(superuser, statement));
        execute(superuser, "GRANT SELECT ON KEYSPACE " + options.keyspace() + " TO " + ROLE);
        execute(superuser, "GRANT MODIFY ON KEYSPACE " + options.keyspace() + " TO " + ROLE);
    }

    private static void execute(CqlSession session, String statement) {
        session.execute(SimpleStatement.newInstance(statement).setTimeout(Duration.ofMinutes(1)));
    }

    /** What the guide shows, for a role, a password and those whom the truststore of a name trusts. */
    private Path driverConfiguration(String role, String password, String trusted) throws IOException {
        return Files.writeString(
                Files.createTempFile(folder, "driver", ".conf"),
                """
                datastax-java-driver {
                  basic.request.timeout = 10 seconds
                  advanced.metadata.schema.debouncer.window = 50 milliseconds
                  advanced.auth-provider { class = PlainTextAuthProvider, username = %s, password = "%s" }
                  advanced.ssl-engine-factory {
                    class = DefaultSslEngineFactory, truststore-path = "%s", truststore-password = %s
                  }
                }
                """
                        .formatted(role, password, folder.resolve(trusted + "-trust.p12"), Certificate.PASSWORD));
    }

    /** The options of a server that has what it needs. */
    List<String> options() throws IOException {
        return options("of the role", "node");
    }

    /** The options of a server with a password, which trusts the certificate of a name. */
    List<String> options(String password, String trusted) throws IOException {
        return List.of(
                "--store=cassandra",
                "--cassandra-contact-points=" + cluster.contactPoints(),
                "--cassandra-create-tables=false",
                "--cassandra-driver-config=" + driverConfiguration(ROLE, password, trusted));
    }

    /** Makes another keyspace for the role. */
    void makeKeyspace(String name) throws IOException {
        try (CqlSession superuser = session("cassandra", "cassandra")) {
            allow(superuser, CassandraOptions.defaults().withKeyspace(name));
        }
    }

    /** What an operator does with the node. */
    NodeManagement management() {
        return cluster.nodes().get(0).management();
    }
}
