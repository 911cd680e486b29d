package dev.watersmeet.store.geode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.geode.function.JoinFunction;
import dev.watersmeet.testing.forked.ForkedServer;
import dev.watersmeet.testing.geode.GeodeCluster;
import dev.watersmeet.testing.geode.GeodeSetup;
import dev.watersmeet.testing.geode.Gfsh;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that knows nothing of the store until its operator has run the commands of the guide. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@EnabledIfEnvironmentVariable(named = "WATERSMEET_LONG", matches = ".+")
class GfshTest {
    @TempDir
    Path folder;

    @Test
    void theCommandsOfTheGuideMakeWhatTheStoreNeeds() throws Exception {
        GeodeOptions options = GeodeOptions.defaults();
        List<String> commands = new ArrayList<>();
        commands.add("deploy --jar=" + jar(ForkedServer.classPathOf(JoinFunction.class)));
        GeodeStore.script(options).lines().forEach(commands::add);
        commands.addAll(List.of("list functions", "list indexes", "describe region --name=watersmeet_cell"));

        try (GeodeCluster cluster = GeodeCluster.start(folder.resolve("geode"), Gfsh.manageable(GeodeSetup.of(2)))) {
            String said = Gfsh.run(folder, cluster.locator(), commands);

            assertThat(said.substring(said.indexOf("list functions")))
                    .as("%s", said)
                    .contains("watersmeet-join", "watersmeet-regions")
                    .contains("watersmeet_control_key", "watersmeet_record_key", "watersmeet_cell_key")
                    .containsPattern("data-policy *\\| PERSISTENT_PARTITION")
                    .containsPattern("redundant-copies *\\| 1");
            assertThat(said.lines().filter(line -> line.contains("| ERROR")))
                    .as("what one server was told by the other")
                    .allMatch(line -> line.contains("already exists"));
            try (NodeProcess listener = node(cluster);
                    NodeProcess writer = node(cluster)) {
                listener.say("watch space", "watching");
                listener.drain();
                writer.say("join space one", "joined");
                listener.await("changed");
            }
        }
    }

    private NodeProcess node(GeodeCluster cluster) throws IOException {
        return new NodeProcess(
                folder, cluster.locator(), GeodeOptions.defaults().regions(), "3600000", Map.of());
    }

    /** A jar of compiled classes, or the jar that they are in already. */
    private Path jar(String classes) throws IOException {
        Path from = Path.of(classes);
        if (Files.isRegularFile(from)) {
            return from;
        }
        Path jar = folder.resolve("watersmeet-store-geode-function-0.1.0.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new JarEntry(from.relativize(file).toString()));
                Files.copy(file, entries);
            }
        }
        return jar;
    }
}
