package dev.watersmeet.store.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import dev.watersmeet.testing.drill.Drillbit;
import dev.watersmeet.testing.forked.Certificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
    void whoseStatementIsNotRunIsToldHowToLearnWhy() {
        assertThatThrownBy(() -> client.as("analyst", "pass word").run("SELECT nothing FROM (VALUES (1))"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("FAILED")
                .hasMessageContaining("drill.exec.http.rest.errors.verbose");
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
    void whoHasThePasswordMayCompactAndWhoHasNotLeavesTheTablesAsTheyAre() throws Exception {
        Path workspace = folder.resolve("workspace");
        Store store = MemoryStore.empty();
        DocumentState edit = Records.put(
                DocumentState.empty(),
                CollectionSchema.REGISTERS,
                Stamp.of(1, 0, new ReplicaId(1)),
                Value.of(Map.of("title", "a")));
        store.join(SpaceId.of("space"), Batch.of(List.of(new DocumentCells(DocumentId.of("notes", "n"), edit))));
        PublicationOptions options = PublicationOptions.defaults().withCompactBytes(1);
        for (String password : List.of("wrong", "pass word")) {
            Publisher publisher = new Publisher(
                    store,
                    workspace,
                    Schema.empty(),
                    options.withDrill(client.as("analyst", password)),
                    Disk.real(),
                    TimeSource.system(),
                    Runnable::run);
            for (int round = 0; round < 4; round++) {
                publisher.round();
            }
            assertThat(compacted(workspace)).isEqualTo(password.equals("wrong") ? 0 : 2);
            assertThat(client.as("analyst", "pass word")
                            .run("SELECT title FROM dfs.watersmeet.notes")
                            .rows())
                    .containsExactly(Map.of("title", Value.of("a")));
        }
    }

    private static long compacted(Path workspace) throws IOException {
        try (Stream<Path> files = Files.walk(workspace)) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count();
        }
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
