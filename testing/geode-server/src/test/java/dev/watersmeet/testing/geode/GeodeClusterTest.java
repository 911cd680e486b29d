package dev.watersmeet.testing.geode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.watersmeet.testing.forked.ForkedServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeodeClusterTest {
    @Test
    void aServerThatWasKilledComesBackWhereItWas(@TempDir Path folder) {
        try (GeodeCluster cluster = GeodeCluster.start(folder, GeodeSetup.of(2))) {
            ForkedServer server = cluster.servers().get(0);
            int port = server.address().getPort();
            assertThat(cluster.locator()).startsWith("127.0.0.1:");

            server.kill();

            assertThatCode(server::restart).doesNotThrowAnyException();
            assertThat(server.address().getPort()).isEqualTo(port);
        }
    }
}
