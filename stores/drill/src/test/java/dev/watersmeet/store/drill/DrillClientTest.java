package dev.watersmeet.store.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.testing.drill.Drillbit;
import dev.watersmeet.testing.forked.Certificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Drillbit that speaks TLS, and lets nobody in without a password. */
class DrillClientTest {
    private static final String PROTECTED =
            """
            impersonation.enabled: false,
            security.auth.mechanisms: ["PLAIN"],
            security.user.auth: {enabled: true, impl: "htpasswd", htpasswd.path: "%s"},
            http.auth.mechanisms: ["FORM", "BASIC"],
            http.ssl_enabled: true,
            ssl: {keyStorePath: "%s", keyStorePassword: "%s", keyStoreType: "PKCS12", useHadoopConfig: false}
            """;

    @TempDir
    private static Path folder;

    private static Drillbit drillbit;
    private static DrillClient client;

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException {
        Certificate certificate = Certificate.make(folder, "drill");
        Path users = folder.resolve("users");
        Files.writeString(users, "analyst:pass word\n");
        drillbit = Drillbit.start(
                folder.resolve("drillbit"),
                Map.of("watersmeet", folder.resolve("workspace")),
                "https",
                PROTECTED.formatted(users, certificate.keyStore(), Certificate.PASSWORD));
        client = DrillClient.of(drillbit.uri()).trusting(who(certificate));
    }

    private static SSLContext who(Certificate certificate) throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(KeyStore.getInstance(certificate.trustStore().toFile(), Certificate.PASSWORD.toCharArray()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @AfterAll
    static void stop() {
        drillbit.close();
    }

    @Test
    void whoHasThePasswordMayAsk() throws Exception {
        DrillClient analyst = client.as("analyst", "pass word");
        assertThat(analyst.run("SELECT 1 AS n FROM (VALUES (1))").rows()).hasSize(1);
        assertThat(analyst.run("SELECT 2 AS n FROM (VALUES (1))").rows())
                .as("in the same session")
                .hasSize(1);
    }

    @Test
    void whoHasNoneOrAnotherIsRefusedAndToldSo() {
        assertThatThrownBy(() -> client.run("SELECT 1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("to who has no name");
        assertThatThrownBy(() -> client.as("analyst", "wrong").run("SELECT 1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("to this user and password")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void whomNobodyVouchesForIsNotAsked() {
        assertThatThrownBy(() -> DrillClient.of(drillbit.uri())
                        .as("analyst", "pass word")
                        .run("SELECT 1"))
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void onlyAddressesOfDrillbitsAreTaken() {
        assertThatThrownBy(() -> DrillClient.of(URI.create("jdbc:drill:zk=local")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DrillClient.of(URI.create("http://user:secret@127.0.0.1:8047")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> client.as("a:b", "c")).isInstanceOf(IllegalArgumentException.class);
    }
}
