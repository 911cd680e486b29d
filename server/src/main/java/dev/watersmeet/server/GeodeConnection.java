package dev.watersmeet.server;

import dev.watersmeet.store.Store;
import dev.watersmeet.store.geode.GeodeOptions;
import dev.watersmeet.store.geode.GeodeStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the command that are about a cluster of Geode. */
final class GeodeConnection {
    private static final int LOCATOR_PORT = 10334;

    @Option(
            names = "--geode-locators",
            paramLabel = "HOST[:PORT]",
            split = ",",
            description = "locators of the cluster; with --store=geode")
    private List<String> locators = List.of();

    @Option(
            names = "--geode-regions",
            paramLabel = "NAME",
            description = "what the names of the regions begin with",
            defaultValue = "watersmeet")
    private String regions = "";

    @Option(
            names = "--geode-create-regions",
            arity = "1",
            paramLabel = "true|false",
            description = {
                "create what is missing, where the store's functions are deployed to Geode's servers; if not, the server ends with",
                "the commands of gfsh that create it"
            },
            defaultValue = "true")
    private boolean createRegions;

    @Option(
            names = "--geode-functions",
            arity = "1",
            paramLabel = "true|false",
            description = "merge on Geode's servers, where the store's functions are deployed to them",
            defaultValue = "true")
    private boolean functions;

    @Option(
            names = "--geode-properties",
            paramLabel = "FILE",
            description = "properties of the client, as in gemfire.properties, for user and password, TLS and logging")
    private @Nullable Path properties;

    /**
     * Opens the store.
     *
     * @param poll how often it looks for what Geode has not told; null for the usual
     * @throws IllegalArgumentException if an option is wrong
     */
    Store open(@Nullable Duration poll) {
        if (locators.isEmpty()) {
            throw new IllegalArgumentException("--store=geode needs --geode-locators");
        }
        GeodeOptions options = GeodeOptions.defaults()
                .withRegions(regions)
                .creatingRegions(createRegions)
                .usingFunctions(functions);
        return GeodeStore.connect(
                locators.stream()
                        .map(locator -> HostAndPort.parse(locator, LOCATOR_PORT, "a locator"))
                        .toList(),
                readProperties(),
                poll == null ? options : options.withWaiting(options.waiting().withPoll(poll)));
    }

    private Properties readProperties() {
        Properties read = new Properties();
        if (properties != null) {
            try (InputStream in = Files.newInputStream(properties)) {
                read.load(in);
            } catch (IOException e) {
                throw new IllegalArgumentException("--geode-properties cannot be read: " + properties, e);
            }
        }
        return read;
    }
}
