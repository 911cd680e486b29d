package dev.watersmeet.testing.geode;

import java.util.Map;

/**
 * How a cluster is set up.
 *
 * @param servers how many servers
 * @param cacheXml what every server has: regions, indexes, functions
 * @param classPath what is on the servers' class path besides Geode; empty for nothing
 * @param properties of the locator and the servers, besides those that every cluster of tests has
 */
public record GeodeSetup(int servers, String cacheXml, String classPath, Map<String, String> properties) {
    private static final String CACHE_XML =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <cache xmlns="http://geode.apache.org/schema/cache"
                   xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                   xsi:schemaLocation="http://geode.apache.org/schema/cache http://geode.apache.org/schema/cache/cache-1.0.xsd"
                   version="1.0">
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
    }

    /** Servers without regions. */
    public static GeodeSetup of(int servers) {
        return new GeodeSetup(servers, "", "", Map.of());
    }

    /** The same with other contents of {@code <cache>}. */
    public GeodeSetup withCache(String elements) {
        return new GeodeSetup(servers, CACHE_XML.formatted(elements), classPath, properties);
    }

    /** The same with more on the servers' class path. */
    public GeodeSetup withClassPath(String more) {
        return new GeodeSetup(servers, cacheXml, more, properties);
    }

    /** The same with other properties, as in {@code gemfire.properties}. */
    public GeodeSetup withProperties(Map<String, String> other) {
        return new GeodeSetup(servers, cacheXml, classPath, other);
    }
}
