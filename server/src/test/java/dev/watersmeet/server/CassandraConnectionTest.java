package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverExecutionProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CassandraConnectionTest {
    private static DriverExecutionProfile profile(@Nullable Path file) {
        return CassandraConnection.config(file).getInitialConfig().getDefaultProfile();
    }

    @Test
    void withoutAFileASlowNodeHoldsUpLittle() {
        DriverExecutionProfile profile = profile(null);

        assertThat(profile.getDuration(DefaultDriverOption.REQUEST_TIMEOUT)).isEqualTo(Duration.ofSeconds(10));
        assertThat(profile.getString(DefaultDriverOption.SPECULATIVE_EXECUTION_POLICY_CLASS))
                .isEqualTo("ConstantSpeculativeExecutionPolicy");
    }

    @Test
    void whateverAFileSetsForTheDriverArrivesAndTheRestIsTheServers(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("driver \"own\".conf"),
                """
                datastax-java-driver {
                  basic.load-balancing-policy.class = DcInferringLoadBalancingPolicy
                  advanced.speculative-execution-policy.delay = 70 milliseconds
                  advanced.connection.pool.local.size = 3
                }
                """);

        DriverExecutionProfile profile = profile(file);

        assertThat(profile.getString(DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS))
                .isEqualTo("DcInferringLoadBalancingPolicy");
        assertThat(profile.getDuration(DefaultDriverOption.SPECULATIVE_EXECUTION_DELAY))
                .isEqualTo(Duration.ofMillis(70));
        assertThat(profile.getInt(DefaultDriverOption.CONNECTION_POOL_LOCAL_SIZE))
                .isEqualTo(3);
        assertThat(profile.getInt(DefaultDriverOption.SPECULATIVE_EXECUTION_MAX))
                .isEqualTo(2);
        assertThat(profile.getDuration(DefaultDriverOption.REQUEST_TIMEOUT)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CassandraConnection.config(Path.of("nowhere.conf")))
                .withMessageContaining("nowhere.conf");
    }

    @Test
    void contactPointsHaveAHostAndPerhapsAPort() {
        assertThat(CassandraConnection.address("node1").getPort()).isEqualTo(9042);
        assertThat(CassandraConnection.address("127.0.0.1:9999").getPort()).isEqualTo(9999);
        for (String wrong : List.of("", ":1", "node:", "node:70000", "a:b:c")) {
            assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> CassandraConnection.address(wrong))
                    .withMessageContaining(wrong);
        }
    }
}
