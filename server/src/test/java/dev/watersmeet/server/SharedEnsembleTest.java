package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.testing.zookeeper.Sync;
import dev.watersmeet.testing.zookeeper.ZooKeeperEnsemble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several servers on ZooKeeper. They hear of each other by its watch: none of them polls. */
class SharedEnsembleTest extends SharedStoreContract {
    private static ZooKeeperEnsemble ensemble;
    private static Path digest;

    @BeforeAll
    static void start() throws IOException {
        ensemble = ZooKeeperEnsemble.start(folder.resolve("zookeeper"), 1, Sync.LAZY);
        digest = Files.writeString(folder.resolve("digest"), "watersmeet:secret\n");
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    @Override
    List<String> options() {
        return options(digest);
    }

    private static List<String> options(Path credentials) {
        return List.of(
                "--store=zookeeper",
                "--zookeeper=" + ensemble.connectString(),
                "--zookeeper-digest-file=" + credentials);
    }

    @Test
    void aServerSaysThatItsPasswordIsWrong() throws Exception {
        server("--port=0").close();
        Path wrong = Files.writeString(folder.resolve("wrong"), "watersmeet:guessed");

        assertThat(refusal(options(wrong)))
                .contains("ZooKeeper refuses this server", "authenticate")
                .doesNotContain("\tat ", "guessed");
    }

    @Test
    void aServerKeepsNothingForAnyoneUnlessItIsTold() throws Exception {
        List<String> open =
                List.of("--store=zookeeper", "--zookeeper=" + ensemble.connectString(), "--zookeeper-root=/open");

        assertThat(refusal(2, open)).contains("--zookeeper-digest-file", "--zookeeper-world-writable");
        assertThat(refusal(2, List.of("--store=zookeeper", "--zookeeper-world-writable")))
                .contains("needs --zookeeper,");
        Path empty = Files.writeString(folder.resolve("empty"), "sesame");
        assertThat(refusal(2, open, "--zookeeper-digest-file=" + empty))
                .contains("NAME:PASSWORD")
                .doesNotContain("sesame");
        Path config = Files.writeString(folder.resolve("client.cfg"), "zookeeper.request.timeout=20000\n");
        ServerProcess.start(
                        folder,
                        "--store=zookeeper",
                        "--zookeeper=" + ensemble.connectString(),
                        "--zookeeper-root=/open",
                        "--zookeeper-client-config=" + config,
                        "--zookeeper-world-writable",
                        "--token=ada=secret",
                        "--port=0")
                .close();
    }
}
