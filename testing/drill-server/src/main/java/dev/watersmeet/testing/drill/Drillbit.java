package dev.watersmeet.testing.drill;

import dev.watersmeet.testing.forked.ForkedServer;
import dev.watersmeet.testing.forked.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A Drillbit on 127.0.0.1, at ports that were free. It has folders as workspaces of {@code dfs}. The tests of a run share one, for it takes half a minute to start. */
public final class Drillbit implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int HEAP_MEGABYTES = 768;
    private static final int DIRECT_MEGABYTES = 2048;
    private static final List<String> OPENS = List.of(
            "java.base/java.lang",
            "java.base/java.util",
            "java.base/sun.nio.ch",
            "java.base/java.net",
            "java.base/java.nio",
            "java.security.jgss/sun.security.krb5");

    private static final String CONFIGURATION =
            """
            drill.exec: {
              cluster-id: "watersmeet",
              rpc.user.server.port: %d,
              rpc.bit.server.port: %d,
              http.port: %d,
              http.bind_addr: "127.0.0.1",
              http.jetty.server.acceptors: 1,
              http.jetty.server.selectors: 1,
              bind_address: "127.0.0.1",
              allow_loopback_address_binding: true,
              sys.store.provider.local.path: "%s",
              profiles.store.inmemory: true,
              grace_period_ms: 0,
              %s
            }
            """;

    private static final String STORAGE =
            """
            "storage": {
              dfs: {
                type: "file",
                connection: "file:///",
                enabled: true,
                workspaces: {
                  %s
                },
                formats: {
                  "json": {type: "json", extensions: ["json"]},
                  "parquet": {type: "parquet"}
                }
              }
            }
            """;

    private static final String WORKSPACE =
            "\"%s\": {location: \"%s\", writable: true, allowAccessOutsideWorkspace: false}";

    private final ForkedServer server;
    private final String scheme;
    private final int userPort;

    private Drillbit(ForkedServer server, String scheme, int userPort) {
        this.server = server;
        this.scheme = scheme;
        this.userPort = userPort;
    }

    /**
     * Starts a Drillbit, and waits until it answers.
     *
     * @param home where its own data and its log go
     * @param workspace the folder that it reads
     */
    public static Drillbit start(Path home, Path workspace) {
        return start(home, Map.of("watersmeet", workspace), "http", "");
    }

    /**
     * Starts a Drillbit, and waits until it listens.
     *
     * @param home where its own data and its log go
     * @param workspaces folders by the names of their workspaces of {@code dfs}
     * @param scheme {@code https} if it speaks that, by what {@code more} says
     * @param more more of {@code drill.exec}
     */
    public static Drillbit start(Path home, Map<String, Path> workspaces, String scheme, String more) {
        return start(home, workspaces, scheme, more, List.of("-XX:TieredStopAtLevel=1"));
    }

    /** Starts a Drillbit that is compiled as in production: slow at first, and several times as fast as others after some queries. */
    public static Drillbit startToMeasure(Path home, Map<String, Path> workspaces) {
        return start(home, workspaces, "http", "", List.of());
    }

    private static Drillbit start(
            Path home, Map<String, Path> workspaces, String scheme, String more, List<String> compiling) {
        int http = ForkedServer.freePort();
        int user = ForkedServer.freePort();
        Path absolute = home.toAbsolutePath();
        try {
            Files.createDirectories(absolute);
            for (Path workspace : workspaces.values()) {
                Files.createDirectories(workspace);
            }
            Files.writeString(
                    absolute.resolve("drill-override.conf"),
                    CONFIGURATION.formatted(user, ForkedServer.freePort(), http, absolute.resolve("store"), more));
            Files.writeString(
                    absolute.resolve("storage-plugins-override.conf"),
                    STORAGE.formatted(workspaces.entrySet().stream()
                            .map(workspace -> WORKSPACE.formatted(
                                    workspace.getKey(), workspace.getValue().toAbsolutePath()))
                            .collect(Collectors.joining(",\n"))));
            try (InputStream logback = resource("drillbit-logback.xml")) {
                Files.write(absolute.resolve("logback.xml"), logback.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ForkedServer server = new ForkedServer(
                absolute,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), http),
                new Program(
                        "Drillbit",
                        options(compiling),
                        absolute + ":" + classPath("server") + ":" + ForkedServer.classPathOf(Drillbit.class),
                        DrillbitMain.class.getName(),
                        List.of()));
        server.launch();
        try {
            server.awaitReady();
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return new Drillbit(server, scheme, user);
    }

    private static List<String> options(List<String> compiling) {
        List<String> options = new ArrayList<>(compiling);
        options.addAll(List.of(
                "-Xms128m",
                "-Xmx" + HEAP_MEGABYTES + "m",
                "-XX:MaxDirectMemorySize=" + DIRECT_MEGABYTES + "m",
                "-XX:+UseSerialGC",
                "-Djava.net.preferIPv4Stack=true",
                "-Ddrill.exec.enable-epoll=false"));
        OPENS.forEach(opened -> options.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        return options;
    }

    private static String classPath(String of) {
        try (InputStream in = resource(of + ".classpath")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(Drillbit.class.getResourceAsStream(name), name);
    }

    /** Where its REST interface is. */
    public URI uri() {
        return URI.create(scheme + "://" + HOST + ":" + server.address().getPort());
    }

    /** A connection by Drill's JDBC driver, whose classes are on no other class path: it brings a log and a cryptography of its own. */
    public Connection connect() throws SQLException, ReflectiveOperationException, IOException {
        URL[] driver = {Path.of(classPath("jdbc")).toUri().toURL()};
        Driver jdbc = (Driver) new JdbcClasses(driver)
                .loadClass("org.apache.drill.jdbc.Driver")
                .getConstructor()
                .newInstance();
        return jdbc.connect("jdbc:drill:drillbit=" + HOST + ":" + userPort, new Properties());
    }

    /** The driver's classes, which log at every level unless they find how to: failures alone, here, since they warn that they cannot mend classes of other versions. */
    private static final class JdbcClasses extends URLClassLoader {
        JdbcClasses(URL[] driver) {
            super("drill-jdbc", driver, ClassLoader.getPlatformClassLoader());
        }

        @Override
        public @Nullable URL findResource(String name) {
            return name.equals("logback-test.xml")
                    ? Drillbit.class.getResource("jdbc-logback.xml")
                    : super.findResource(name);
        }
    }

    /** The process. */
    public ForkedServer server() {
        return server;
    }

    /** Kills it. */
    @Override
    public void close() {
        server.close();
    }
}
