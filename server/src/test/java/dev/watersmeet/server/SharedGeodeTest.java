package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.geode.function.JoinFunction;
import dev.watersmeet.testing.forked.ForkedServer;
import dev.watersmeet.testing.geode.GeodeCluster;
import dev.watersmeet.testing.geode.GeodeSetup;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several servers on two servers of Geode, which have no regions but what is created. */
class SharedGeodeTest extends SharedStoreContract {
    private static GeodeCluster cluster;

    @BeforeAll
    static void start() {
        cluster = GeodeCluster.start(
                folder.resolve("geode"),
                GeodeSetup.of(2)
                        .withCache(GeodeSetup.FUNCTIONS)
                        .withClassPath(ForkedServer.classPathOf(JoinFunction.class)));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    List<String> options() {
        return List.of("--store=geode", "--geode-locators=" + cluster.locator());
    }

    @Test
    void aServerHearsFromGeodeSoThatItNeedNotLook() throws Exception {
        String poll = "--poll-millis=" + Duration.ofHours(1).toMillis();
        try (ServerProcess first = server("--port=0", poll);
                ServerProcess second = server("--port=0", poll)) {
            assertHeard("told", first, second);
        }
    }

    @Test
    void aServerOfGeodeThatComesBackHasAllAgainThoughTheRegionsWereCreatedFromHere() throws Exception {
        ForkedServer geode = cluster.servers().get(0);
        try (ServerProcess first = server("--port=0");
                ServerProcess second = server("--port=0")) {
            assertHeard("before", first, second);
            geode.kill();
            assertHeard("without-one", first, second);
            geode.restart();
            assertHeard("with-both", first, second);
        }
    }

    @Test
    void aServerSaysWhichCommandsAreMissing() throws Exception {
        assertThat(refusal(options(), "--geode-regions=elsewhere", "--geode-create-regions=false"))
                .contains("create region --name=elsewhere_cell --type=PARTITION_REDUNDANT_PERSISTENT")
                .doesNotContain("\tat ");
    }

    @Test
    void aServerSaysThatThereIsNoLocator() throws Exception {
        assertThat(refusal(List.of("--store=geode", "--geode-locators=127.0.0.1:1")))
                .contains("Geode cannot be reached", "127.0.0.1:1");
    }
}
