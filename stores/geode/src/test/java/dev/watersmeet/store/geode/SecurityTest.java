package dev.watersmeet.store.geode;

import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.watersmeet.store.geode.function.JoinFunction;
import dev.watersmeet.testing.forked.Certificate;
import dev.watersmeet.testing.forked.ForkedServer;
import dev.watersmeet.testing.geode.GeodeCluster;
import dev.watersmeet.testing.geode.GeodeSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that lets nobody in without a password and TLS: Geode's example of a security manager, whose users have their names as passwords, and may do what their names begin with. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SecurityTest {
    private static final String REGIONS = "secured";
    private static final String NEVER = "3600000";
    private static final String ENTITLED = "data,cluster";

    @TempDir
    static Path folder;

    private static GeodeCluster cluster;

    @BeforeAll
    static void start() {
        Certificate server = Certificate.make(folder, "server");
        Certificate.make(folder, "stranger");
        Map<String, String> properties = tls("server");
        properties.put("ssl-keystore", server.keyStore().toString());
        properties.put("ssl-keystore-type", "pkcs12");
        properties.put("ssl-keystore-password", Certificate.PASSWORD);
        properties.put("ssl-require-authentication", "false");
        properties.put("security-manager", "org.apache.geode.examples.SimpleSecurityManager");
        properties.put("security-username", "cluster");
        properties.put("security-password", "cluster");
        cluster = GeodeCluster.start(
                folder.resolve("geode"),
                GeodeSetup.of(1)
                        .withProperties(properties)
                        .withCache(GeodeSetup.FUNCTIONS)
                        .withClassPath(ForkedServer.classPathOf(JoinFunction.class)));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Map<String, String> tls(String trusted) {
        return new HashMap<>(Map.of(
                "ssl-enabled-components",
                "all",
                "ssl-truststore",
                folder.resolve(trusted + "-trust.p12").toString(),
                "ssl-truststore-type",
                "pkcs12",
                "ssl-truststore-password",
                Certificate.PASSWORD));
    }

    private static NodeProcess node(String trusted, String user, String password) throws IOException {
        Map<String, String> properties = tls(trusted);
        properties.put("security-username", user);
        properties.put("security-password", password);
        return new NodeProcess(folder, cluster.locator(), REGIONS, NEVER, properties);
    }

    @Test
    void whoHasThePasswordAndTrustsTheCertificateWritesAndIsTold() throws Exception {
        try (NodeProcess listener = node("server", ENTITLED, ENTITLED);
                NodeProcess writer = node("server", ENTITLED, ENTITLED)) {
            listener.say("watch space", "watching");
            listener.drain();
            writer.say("join space one", "joined");
            listener.await("changed");
        }
    }

    @Test
    void aWrongPasswordIsSaid() {
        assertThatIOException()
                .isThrownBy(() -> node("server", ENTITLED, "wrong").close())
                .withMessageContaining("Geode does not take the credentials")
                .withMessageContaining("security-password");
    }

    @Test
    void missingRightsAreSaid() {
        assertThatIOException()
                .isThrownBy(() -> node("server", "cluster", "cluster").close())
                .withMessageContaining("Geode does not let this user do what the store needs")
                .withMessageContaining("DATA:");
    }

    @Test
    void aCertificateThatIsNotTrustedIsSaid() {
        assertThatIOException()
                .isThrownBy(() -> node("stranger", ENTITLED, ENTITLED).close())
                .withMessageContaining("ssl-truststore");
    }
}
