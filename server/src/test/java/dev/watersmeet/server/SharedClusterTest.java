package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several servers, each a process of its own, on one node of Cassandra that lets nobody in without a password and TLS. */
class SharedClusterTest extends SharedStoreContract {
    private static SecuredCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = SecuredCluster.shared();
    }

    @Override
    List<String> options() throws IOException {
        return cluster.options();
    }

    /** They look at the store once an hour; and of the first one's peers, one never answers and one is not there. */
    @Test
    void aServerTellsItsPeersSoThatTheyNeedNotLook() throws Exception {
        String secret = "--peer-secret-file=" + Files.writeString(folder.resolve("secret"), "s".repeat(32) + "\n");
        String poll = "--poll-millis=" + Duration.ofHours(1).toMillis();
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerProcess second = server("--port=0", poll, secret);
                ServerProcess first = server(
                        "--port=0",
                        poll,
                        secret,
                        "--peer=http://127.0.0.1:" + mute.getLocalPort() + ",http://127.0.0.1:1",
                        "--peer=" + second.uri("/"))) {
            assertHeard("told", first, second);
        }
    }

    @Test
    void aServerSaysWhichScriptIsMissing() throws Exception {
        assertThat(refusal(cluster.options(), "--cassandra-keyspace=elsewhere"))
                .contains("CREATE KEYSPACE IF NOT EXISTS elsewhere");
    }

    @Test
    void aServerSaysThatNoNodeIsInItsDataCentre() throws Exception {
        assertThat(refusal(cluster.options(), "--cassandra-datacenter=elsewhere"))
                .contains("not in the data centre")
                .doesNotContain("\tat ");
    }

    @Test
    void aServerSaysThatItsPasswordIsWrong() throws Exception {
        assertThat(refusal(cluster.options("wrong", "node")))
                .contains("Cassandra refuses the name or the password")
                .doesNotContain("\tat ");
    }

    @Test
    void aServerSaysThatItDoesNotTrustTheCertificate() throws Exception {
        assertThat(refusal(cluster.options("of the role", "stranger")))
                .contains("no TLS connection to Cassandra", "truststore")
                .doesNotContain("\tat ");
    }
}
