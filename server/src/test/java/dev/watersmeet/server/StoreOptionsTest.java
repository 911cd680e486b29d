package dev.watersmeet.server;

import static dev.watersmeet.server.RefusedCommand.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Options of one store with another one, where they would do nothing. */
class StoreOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "memory, --data=data, --data goes with --store=embedded or --store=drill",
        "cassandra, --data=data, --data goes with --store=embedded or --store=drill",
        "memory, --store-memory=64, --store-memory goes with --store=embedded",
        "drill, --backup=backups, --backup goes with --store=embedded",
        "memory, --backup-keep=3, --backup-keep goes with --store=embedded",
        "embedded, --backup-hours=3, --backup-hours goes with --backup",
        "embedded, --backup-keep=3, --backup-keep goes with --backup",
        "embedded, --cassandra-contact-points=127.0.0.1, --cassandra-contact-points goes with --store=cassandra",
        "geode, --cassandra-all-datacenters, --cassandra-all-datacenters goes with --store=cassandra",
        "memory, --cassandra-copies=3, --cassandra-copies goes with --store=cassandra",
        "embedded, --geode-locators=127.0.0.1, --geode-locators goes with --store=geode",
        "cassandra, --geode-functions=false, --geode-functions goes with --store=geode",
        "embedded, --zookeeper=127.0.0.1:2181, --zookeeper goes with --store=zookeeper",
        "geode, --zookeeper-world-writable, --zookeeper-world-writable goes with --store=zookeeper",
        "embedded, --poll-millis=50, '--poll-millis goes with --store=cassandra, --store=geode or --store=drill'",
        "memory, --poll-millis=50, '--poll-millis goes with --store=cassandra, --store=geode or --store=drill'",
        "zookeeper, --poll-millis=50, '--poll-millis goes with --store=cassandra, --store=geode or --store=drill'",
    })
    void whatDoesNothingWithAStoreIsNamed(String store, String option, String refusal) {
        assertRefused(CommandLine.ExitCode.USAGE, refusal, "--port=0", "--store=" + store, option);
        assertRefused(
                CommandLine.ExitCode.USAGE, refusal, "renew-epochs", "--restored=monday", "--store=" + store, option);
    }

    @Test
    void nothingIsMadeBeforeAllOptionsAreOfUse(@TempDir Path folder) {
        assertRefused(
                CommandLine.ExitCode.USAGE,
                "--geode-regions goes with --store=geode",
                "--port=0",
                "--data=" + folder.resolve("data"),
                "--geode-regions=mine");
        assertThat(folder).isEmptyDirectory();
    }
}
