package dev.watersmeet.testing.zookeeper;

import java.util.List;

/**
 * How servers are set up.
 *
 * @param servers how many servers
 * @param sync when they acknowledge
 * @param configuration more lines of each server's {@code zoo.cfg}, each with its end
 * @param jvmOptions of each server's Java virtual machine
 */
public record ZooKeeperSetup(int servers, Sync sync, String configuration, List<String> jvmOptions) {
    private static final List<String> SMALL = List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    public ZooKeeperSetup {
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** Servers that start soon and need little. */
    public static ZooKeeperSetup of(int servers, Sync sync) {
        return new ZooKeeperSetup(servers, sync, "", SMALL);
    }

    /** The same with more lines of {@code zoo.cfg}. */
    public ZooKeeperSetup withConfiguration(String lines) {
        return new ZooKeeperSetup(servers, sync, lines, jvmOptions);
    }

    /** The same with a virtual machine that is set up otherwise. */
    public ZooKeeperSetup withJvm(List<String> options) {
        return new ZooKeeperSetup(servers, sync, configuration, options);
    }
}
