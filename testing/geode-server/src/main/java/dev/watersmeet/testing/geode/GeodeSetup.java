package dev.watersmeet.testing.geode;

import java.util.List;
import java.util.Map;

/**
 * How a cluster is set up.
 *
 * @param servers how many servers
 * @param cacheXml what every server has: regions, indexes, functions. A client that has not been heard of for twenty seconds is taken for gone: clients say that they are there every ten. The servers' buffers are those that the store's guide asks for
 * @param classPath what is on the servers' class path besides Geode; empty for nothing
 * @param properties of the locator and the servers, besides those that every cluster of tests has
 * @param jvmOptions of the Java virtual machine of each of them
 */
public record GeodeSetup(
        int servers, String cacheXml, String classPath, Map<String, String> properties, List<String> jvmOptions) {
    private static final List<String> SMALL =
            List.of("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private static final String CACHE_XML =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <cache xmlns="http://geode.apache.org/schema/cache"
                   xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                   xsi:schemaLocation="http://geode.apache.org/schema/cache http://geode.apache.org/schema/cache/cache-1.0.xsd"
                   version="1.0">
              <cache-server port="${watersmeet.port}" bind-address="127.0.0.1" maximum-time-between-pings="20000" socket-buffer-size="262144"/>
            %s
            </cache>
            """;

    /** What makes servers run the functions of the store, which then have to be on their class path. */
    public static final String FUNCTIONS =
            """
            <function-service>
              <function><class-name>dev.watersmeet.store.geode.function.JoinFunction</class-name></function>
              <function><class-name>dev.watersmeet.store.geode.function.RegionsFunction</class-name></function>
            </function-service>""";

    public GeodeSetup {
        properties = Map.copyOf(properties);
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** Servers without regions. */
    public static GeodeSetup of(int servers) {
        return new GeodeSetup(servers, "", "", Map.of(), SMALL);
    }

    /** The same with other contents of {@code <cache>}. */
    public GeodeSetup withCache(String elements) {
        return new GeodeSetup(servers, CACHE_XML.formatted(elements), classPath, properties, jvmOptions);
    }

    /** The same with more on the servers' class path. */
    public GeodeSetup withClassPath(String more) {
        return new GeodeSetup(servers, cacheXml, more, properties, jvmOptions);
    }

    /** The same with other properties, as in {@code gemfire.properties}. */
    public GeodeSetup withProperties(Map<String, String> other) {
        return new GeodeSetup(servers, cacheXml, classPath, other, jvmOptions);
    }

    /** The same with virtual machines that are set up otherwise. */
    public GeodeSetup withJvm(List<String> options) {
        return new GeodeSetup(servers, cacheXml, classPath, properties, options);
    }
}
