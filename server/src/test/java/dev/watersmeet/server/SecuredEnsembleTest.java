package dev.watersmeet.server;

import static dev.watersmeet.server.SharedStoreContract.assertHeard;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.testing.forked.Certificate;
import dev.watersmeet.testing.forked.ForkedServer;
import dev.watersmeet.testing.zookeeper.Sync;
import dev.watersmeet.testing.zookeeper.ZooKeeperEnsemble;
import dev.watersmeet.testing.zookeeper.ZooKeeperSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers on a ZooKeeper that speaks TLS, and knows its clients by SASL or by their certificates; set up as the guide says. */
@Timeout(120)
class SecuredEnsembleTest {
    @TempDir
    static Path folder;

    private static Certificate zookeeper;
    private static int port;
    private static ZooKeeperEnsemble ensemble;

    @BeforeAll
    static void start() throws IOException {
        zookeeper = Certificate.make(folder, "zookeeper");
        Certificate.make(folder, "stranger");
        Path users = Files.writeString(
                folder.resolve("users.jaas"),
                """
                Server {
                  org.apache.zookeeper.server.auth.DigestLoginModule required
                  user_watersmeet="secret" user_somebody="else";
                };
                """);
        port = ForkedServer.freePort();
        ZooKeeperSetup setup = ZooKeeperSetup.of(1, Sync.LAZY);
        List<String> jvm = new ArrayList<>(setup.jvmOptions());
        jvm.addAll(List.of("-Djava.security.auth.login.config=" + users, "-Dzookeeper.fips-mode=false"));
        ensemble = ZooKeeperEnsemble.start(
                folder.resolve("ensemble"),
                setup.withJvm(jvm)
                        .withConfiguration(tls(port, "none", zookeeper)
                                + "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider\n"));
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    /** Lines of {@code zoo.cfg} for a server that trusts the clients of a certificate, if it asks them. */
    private static String tls(int port, String clientAuth, Certificate trusted) {
        return """
                serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
                secureClientPort=%d
                secureClientPortAddress=127.0.0.1
                ssl.clientAuth=%s
                ssl.keyStore.location=%s
                ssl.keyStore.password=%s
                ssl.trustStore.location=%s
                ssl.trustStore.password=%s
                """
                .formatted(
                        port,
                        clientAuth,
                        zookeeper.keyStore(),
                        Certificate.PASSWORD,
                        trusted.trustStore(),
                        Certificate.PASSWORD);
    }

    /** The options of a server that trusts the certificate of a name, with more lines of its client's configuration. */
    private static List<String> options(int zookeeperPort, String trusted, String... lines) throws IOException {
        Path configuration = Files.createTempFile(folder, "client", ".cfg");
        Files.writeString(
                configuration,
                """
                zookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty
                zookeeper.client.secure=true
                zookeeper.fips-mode=false
                zookeeper.ssl.trustStore.location=%s
                zookeeper.ssl.trustStore.password=%s
                %s
                """
                        .formatted(
                                folder.resolve(trusted + "-trust.p12"),
                                Certificate.PASSWORD,
                                String.join("\n", lines)));
        return List.of(
                "--store=zookeeper",
                "--zookeeper=127.0.0.1:" + zookeeperPort,
                "--zookeeper-client-config=" + configuration,
                "--token=ada=secret");
    }

    private static ServerProcess server(List<String> options, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of(more));
        arguments.add("--port=0");
        return ServerProcess.start(folder, arguments.toArray(String[]::new));
    }

    private static String refusal(List<String> options, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of(more));
        arguments.add("--port=0");
        try (ServerProcess server = ServerProcess.launch(folder, arguments.toArray(String[]::new))) {
            assertThat(server.exitCode()).isEqualTo(1);
            return server.errors();
        }
    }

    /** What a process knows a user of SASL by. */
    private static String jaas(String user, String password) throws IOException {
        Path file = Files.createTempFile(folder, "client", ".jaas");
        Files.writeString(
                file,
                """
                Client {
                  org.apache.zookeeper.server.auth.DigestLoginModule required username="%s" password="%s";
                };
                """
                        .formatted(user, password));
        return "-Djava.security.auth.login.config=" + file;
    }

    @Test
    void serversThatAuthenticateBySaslShareWhatNobodyElseMayRead() throws Exception {
        List<String> options = new ArrayList<>(options(port, "zookeeper"));
        options.add("--zookeeper-root=/sasl");
        try (ServerProcess first = server(options, jaas("watersmeet", "secret"));
                ServerProcess second = server(options, jaas("watersmeet", "secret"))) {
            assertHeard("told", first, second);
        }

        Path digest = Files.writeString(folder.resolve("digest"), "watersmeet:secret");
        assertThat(refusal(options, jaas("somebody", "else"))).contains("ZooKeeper refuses this server");
        assertThat(refusal(options, "--zookeeper-digest-file=" + digest)).contains("ZooKeeper refuses this server");
    }

    @Test
    void aWrongPasswordOfSaslIsSaid() throws Exception {
        assertThat(refusal(options(port, "zookeeper"), jaas("watersmeet", "guessed")))
                .contains("ZooKeeper does not take this server's credentials", "SASL")
                .doesNotContain("guessed");
    }

    @Test
    void aDigestGoesOverTls() throws Exception {
        Path digest = Files.writeString(folder.resolve("digest-over-tls"), "watersmeet:secret");
        server(options(port, "zookeeper"), "--zookeeper-root=/digest", "--zookeeper-digest-file=" + digest)
                .close();
    }

    @Test
    void aCertificateThatIsNotTrustedIsSaid() throws Exception {
        assertThat(refusal(options(port, "stranger"), jaas("watersmeet", "secret")))
                .contains("no connection to ZooKeeper", "TLS", "PKIX path building failed");
    }

    @Test
    void aServerIsKnownByItsCertificate() throws Exception {
        Certificate ours = Certificate.make(folder, "ours");
        Certificate theirs = Certificate.make(folder, "theirs");
        int certified = ForkedServer.freePort();
        String known = "zookeeper.ssl.keyStore.password=" + Certificate.PASSWORD;
        List<String> options =
                options(certified, "zookeeper", "zookeeper.ssl.keyStore.location=" + ours.keyStore(), known);
        ZooKeeperSetup setup = ZooKeeperSetup.of(1, Sync.LAZY).withConfiguration(tls(certified, "need", ours));
        try (ZooKeeperEnsemble other = ZooKeeperEnsemble.start(folder.resolve("certified"), setup)) {
            assertThat(other.servers()).hasSize(1);
            server(options).close();
            assertThat(refusal(options(
                            certified, "zookeeper", "zookeeper.ssl.keyStore.location=" + theirs.keyStore(), known)))
                    .contains("no connection to ZooKeeper", "TLS");
        }
    }
}
