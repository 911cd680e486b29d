package dev.watersmeet.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import dev.watersmeet.testing.cassandra.NodeManagement;
import java.util.Map;
import java.util.Set;
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
                    .hasMessageContaining("maximum_timestamp_fail_threshold is set to 1d on /127.0.0.1:")
                    .hasMessageContaining("cassandra.yaml");
        } finally {
            Cluster.node().management().refuseTimesAfter(null);
        }
        CassandraStore.open(Cluster.session(), OPTIONS).close();
    }

    @Test
    void aGuardrailThatRefusesTimesAltogetherIsRefused() {
        Cluster.node().management().guard("UserTimestampsEnabled", false);
        try {
            assertThat(Cluster.refusal(OPTIONS)).hasMessageContaining("user_timestamps_enabled is set to false");
        } finally {
            Cluster.node().management().guard("UserTimestampsEnabled", true);
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
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OPTIONS.withConsistency(ConsistencyLevel.QUORUM, ConsistencyLevel.LOCAL_SERIAL))
                .withMessageContaining("QUORUM with SERIAL")
                .withMessageContaining("not QUORUM with LOCAL_SERIAL");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OPTIONS.withConsistency(ConsistencyLevel.LOCAL_QUORUM, ConsistencyLevel.SERIAL));
    }

    @Test
    void aStoreThatSpansDataCentresIsOpened() {
        CassandraOptions spanning = OPTIONS.withConsistency(ConsistencyLevel.QUORUM, ConsistencyLevel.SERIAL);
        CassandraStore.open(Cluster.session(), spanning).close();
    }

    @Test
    void guardrailsThatRefuseWhatTheStoreSendsAreRefused() {
        NodeManagement management = Cluster.node().management();
        assertGuardrail(
                "PageSizeThreshold(100)",
                "page_size_fail_threshold is set to 100",
                "5000 rows",
                () -> management.limitPages(100),
                () -> management.limitPages(-1));
        assertGuardrail(
                "group by",
                "group_by_enabled is set to false",
                "GROUP BY",
                () -> management.guard("GroupByEnabled", false),
                () -> management.guard("GroupByEnabled", true));
        assertGuardrail(
                "consistency",
                "write_consistency_levels_disallowed is set to",
                "writes are LOCAL_QUORUM",
                () -> management.guard("WriteConsistencyLevelsDisallowedCSV", "ONE,LOCAL_QUORUM"),
                () -> management.guard("WriteConsistencyLevelsDisallowedCSV", ""));
        assertGuardrail(
                "size",
                "column_value_size_fail_threshold is set to 1MiB",
                "16 MiB",
                () -> management.limitValues("1MiB"),
                () -> management.limitValues(null));
    }

    private static void assertGuardrail(String what, String setting, String reason, Runnable set, Runnable unset) {
        set.run();
        try {
            assertThat(Cluster.refusal(OPTIONS))
                    .as(what)
                    .hasMessageContaining(setting)
                    .hasMessageContaining(reason);
        } finally {
            unset.run();
        }
        CassandraStore.open(Cluster.session(), OPTIONS).close();
    }

    @Test
    void aKeyspaceThatIsNotInTheLogOfCommitsIsRefused() {
        Cluster.run("ALTER KEYSPACE settings WITH durable_writes = false");
        String mended = "ALTER KEYSPACE settings WITH durable_writes = true";

        assertThat(Cluster.refusal(OPTIONS)).hasMessageContaining(mended);

        Cluster.run(mended);
        CassandraStore.open(Cluster.session(), OPTIONS).close();
    }

    /** Of one node, on which no keyspace can have copies elsewhere. */
    @Test
    void aDataCentreWithoutCopiesIsRefused() {
        Map<String, String> west = Cluster.session()
                .getMetadata()
                .getKeyspace("settings")
                .orElseThrow()
                .getReplication();

        assertThatThrownBy(() -> new Replication("settings", west, ConsistencyLevel.LOCAL_QUORUM)
                        .check("east", Set.of("east", "datacenter1")))
                .hasMessageContaining("no copies in the data centre east")
                .hasMessageContaining("ALTER KEYSPACE settings WITH replication = {'class': 'NetworkTopologyStrategy',"
                        + " 'datacenter1': 1, 'east': 3}")
                .hasMessageContaining("nodetool rebuild --keyspace settings");
    }

    /** With one data centre it knows where the copies are; with two it does not. */
    @Test
    void copiesInAnyDataCentreAreRefusedWhereThereAreSeveral() {
        Cluster.run("ALTER KEYSPACE settings WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        CassandraStore.open(Cluster.session(), OPTIONS).close();
        Map<String, String> simple = Cluster.session()
                .getMetadata()
                .getKeyspace("settings")
                .orElseThrow()
                .getReplication();
        Cluster.run(
                "ALTER KEYSPACE settings WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1}");

        Replication local = new Replication("settings", simple, ConsistencyLevel.LOCAL_QUORUM);
        assertThatThrownBy(() -> local.check("east", Set.of("east", "west")))
                .hasMessageContaining("SimpleStrategy")
                .hasMessageContaining("[east, west]")
                .hasMessageContaining("{'class': 'NetworkTopologyStrategy', 'east': 3}");
        new Replication("settings", simple, ConsistencyLevel.QUORUM).check("east", Set.of("east", "west"));
    }
}
