package dev.watersmeet.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How a cluster has to be set up, on a real node that is set up otherwise. */
class ClusterSettingsTest {
    private static final CassandraOptions OPTIONS =
            CassandraOptions.defaults().withCopies(1).withKeyspace("settings");

    @BeforeAll
    static void create() {
        CassandraStore.open(Cluster.session(), OPTIONS).close();
    }

    @AfterAll
    static void drop() {
        Cluster.run("DROP KEYSPACE settings");
    }

    @Test
    void tablesThatWouldLoseDataAreRefused() {
        assertRefused("cell", "default_time_to_live = 1000", "default_time_to_live = 0");
        assertRefused("entry", "read_repair = 'NONE'", "read_repair = 'BLOCKING'");
        assertRefused("cell", "gc_grace_seconds = 60", "gc_grace_seconds = 864000");
        assertRefused(
                "cell",
                "compaction = {'class': 'TimeWindowCompactionStrategy'}",
                "compaction = {'class': 'SizeTieredCompactionStrategy'}");
    }

    private static void assertRefused(String table, String wrong, String right) {
        Cluster.run("ALTER TABLE settings." + table + " WITH " + wrong);
        String mended = "ALTER TABLE settings." + table + " WITH " + right;

        assertThat(Cluster.refusal(OPTIONS)).hasMessageContaining(mended);

        Cluster.run(mended);
        CassandraStore.open(Cluster.session(), OPTIONS).close();
    }

    /** Superusers, as these tests are, may write any time: without the check, the first push of a role would fail. */
    @Test
    void aGuardrailThatRefusesTheTimesOfCellsIsRefused() {
        Cluster.node().management().refuseTimesAfter("1d");
        try {
            assertThat(Cluster.refusal(OPTIONS))
                    .hasMessageContaining("maximum_timestamp_fail_threshold is set to 1d")
                    .hasMessageContaining("cassandra.yaml");
        } finally {
            Cluster.node().management().refuseTimesAfter(null);
        }
        CassandraStore.open(Cluster.session(), OPTIONS).close();
    }

    @Test
    void aGuardrailThatRefusesTimesAltogetherIsRefused() {
        Cluster.node().management().allowTimes(false);
        try {
            assertThat(Cluster.refusal(OPTIONS)).hasMessageContaining("user_timestamps_enabled is set to false");
        } finally {
            Cluster.node().management().allowTimes(true);
        }
        CassandraStore.open(Cluster.session(), OPTIONS).close();
    }

    @Test
    void consistenciesThatDoNotMeetAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OPTIONS.withConsistency(ConsistencyLevel.ONE, ConsistencyLevel.SERIAL))
                .withMessageContaining("ONE");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OPTIONS.withConsistency(ConsistencyLevel.QUORUM, ConsistencyLevel.QUORUM));
    }
}
