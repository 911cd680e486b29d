package dev.watersmeet.testing.geode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.testing.forked.ForkedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Geode's shell, as operators use it, and what a cluster needs to do what it asks for. */
public final class Gfsh {
    private static final String MAIN = "org.apache.geode.management.internal.cli.Launcher";

    private Gfsh() {}

    /** A cluster that the shell can ask. */
    public static GeodeSetup manageable(GeodeSetup setup) {
        return setup.withClassPath(GeodeCluster.resource("gfsh.classpath"))
                .withProperties(Map.of(
                        "jmx-manager", "true",
                        "jmx-manager-port", Integer.toString(ForkedServer.freePort()),
                        "jmx-manager-bind-address", "127.0.0.1",
                        "jmx-manager-hostname-for-clients", "127.0.0.1"));
    }

    /**
     * Runs commands, one after the other, connected to a locator, also after one that fails; what the shell says.
     *
     * @param folder where it runs
     */
    public static String run(Path folder, String locator, List<String> commands) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dgfsh=true",
                "-Djava.net.preferIPv4Stack=true",
                "--add-exports=java.management/com.sun.jmx.remote.security=ALL-UNNAMED",
                "-cp",
                GeodeCluster.resource("gfsh.classpath"),
                MAIN));
        command.addAll(List.of("-e", "connect --locator=" + locator.replace(":", "[") + "]"));
        try {
            Path script = Files.write(folder.resolve("commands.gfsh"), commands);
            command.addAll(List.of("-e", "run --file=" + script + " --continue-on-error=true"));
            Process shell = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            shell.getOutputStream().close();
            return new String(shell.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
