package dev.watersmeet.testing.geode;

import dev.watersmeet.testing.forked.ForkedServer;
import dev.watersmeet.testing.forked.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A locator and servers on 127.0.0.1, at ports that were free. The tests of a run share one, for it takes twenty seconds to start. */
public final class GeodeCluster implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final List<String> OPENS = List.of(
            "java.base/sun.nio.ch",
            "java.base/java.nio",
            "java.base/java.lang",
            "java.base/java.util",
            "java.base/java.text",
            "java.base/java.lang.invoke",
            "java.management/com.sun.jmx.remote.security");
    /** What none of them does: take its configuration from the locator, or offer management. A member that is gone is missed soon. */
    private static final Map<String, String> PROPERTIES = Map.of(
            "bind-address", HOST,
            "enable-cluster-configuration", "false",
            "use-cluster-configuration", "false",
            "http-service-port", "0",
            "jmx-manager", "false",
            "jmx-manager-start", "false",
            "member-timeout", "2000");

    /** As much as a server: with the usual 3, the first of two servers would have the majority by itself, and when it dies, Geode would close the other one, too. */
    private static final String LOCATOR_WEIGHT = "10";

    private final Path folder;
    private final GeodeSetup setup;
    private final ForkedServer locator;
    private final List<ForkedServer> servers = new ArrayList<>();

    private GeodeCluster(Path folder, GeodeSetup setup) {
        this.folder = folder;
        this.setup = setup;
        this.locator = member("locator", "Locator", ForkedServer.freePort(), Map.of("member-weight", LOCATOR_WEIGHT));
    }

    /**
     * Starts a locator and servers, and waits until they answer.
     *
     * @param folder where their data and logs go
     */
    public static GeodeCluster start(Path folder, GeodeSetup setup) {
        GeodeCluster cluster = new GeodeCluster(folder, setup);
        try {
            cluster.launch();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void launch() {
        locator.launch();
        locator.awaitReady();
        Map<String, String> properties = new TreeMap<>();
        properties.put("locators", HOST + "[" + locator.address().getPort() + "]");
        if (!setup.cacheXml().isEmpty()) {
            properties.put(
                    "cache-xml-file", write("cache.xml", setup.cacheXml()).toString());
        }
        for (int i = 1; i <= setup.servers(); i++) {
            servers.add(member("server" + i, "Server", ForkedServer.freePort(), properties));
        }
        launchServers();
    }

    /** At the same time: on data that were there before, one may have to wait for the other. */
    private void launchServers() {
        servers.forEach(ForkedServer::launch);
        servers.forEach(ForkedServer::awaitReady);
    }

    /** Kills all of them at once, and starts them again where they were. */
    public void restart() {
        close();
        locator.restart();
        launchServers();
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(Files.createDirectories(folder).resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ForkedServer member(String name, String kind, int port, Map<String, String> more) {
        List<String> options = new ArrayList<>(setup.jvmOptions());
        options.addAll(List.of(
                "-Djava.net.preferIPv4Stack=true",
                "-Dgemfire.preAllocateDisk=false",
                "--add-exports=java.management/com.sun.jmx.remote.security=ALL-UNNAMED"));
        OPENS.forEach(opened -> options.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        Map<String, String> properties = new TreeMap<>(PROPERTIES);
        properties.putAll(setup.properties());
        properties.putAll(more);
        properties.forEach((property, value) -> options.add("-Dgemfire." + property + "=" + value));
        options.add("-Dwatersmeet.port=" + port);
        Path home = folder.resolve(name);
        List<String> arguments = new ArrayList<>(List.of("start", name, "--dir=" + home));
        if (!kind.equals("Server")) {
            arguments.addAll(List.of("--bind-address=" + HOST, "--port=" + port));
        } else if (setup.cacheXml().isEmpty()) {
            arguments.addAll(List.of("--server-bind-address=" + HOST, "--server-port=" + port));
        } else {
            arguments.add("--disable-default-server"); // the other one has its port from the options
        }
        return new ForkedServer(
                        home,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        new Program(
                                "Geode " + name,
                                options,
                                (setup.classPath().isEmpty() ? "" : setup.classPath() + ":")
                                        + resource("server.classpath"),
                                "org.apache.geode.distributed." + kind + "Launcher",
                                arguments))
                .readyWhenItSays("is currently online"); // it listens before it has recovered its data from others
    }

    static String resource(String name) {
        try (InputStream in = GeodeCluster.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The servers. */
    public List<ForkedServer> servers() {
        return List.copyOf(servers);
    }

    /** Where the locator is, as {@code host:port}. */
    public String locator() {
        return HOST + ":" + locator.address().getPort();
    }

    /** Kills all of them. */
    @Override
    public void close() {
        servers.forEach(ForkedServer::close);
        locator.close();
    }
}
