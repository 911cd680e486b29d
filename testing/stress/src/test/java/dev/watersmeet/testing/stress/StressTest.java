package dev.watersmeet.testing.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;

class StressTest {
    private static final boolean LONG = "1".equals(System.getenv("WATERSMEET_LONG"));

    @Test
    void noInterleavingShowsWhatIsForbidden() throws Exception {
        assertThat(run("\\.stress\\.\\w+Stress$"))
                .contains(
                        "ClockStress",
                        "CounterDeltaStress",
                        "DeltaStress",
                        "LargeDeltaStress",
                        "MapDeltaStress",
                        "PublicationStress",
                        "ValueStress");
    }

    @Test
    void aRaceIsFound() {
        assertThatThrownBy(() -> run("\\.broken\\.\\w+Stress$")).hasMessageContaining("TEST FAILURES");
    }

    /**
     * Runs stress tests, each in JVMs of its own: one for each way of compiling its parts.
     *
     * @return the page that lists what was run
     * @throws AssertionError from the harness, if an outcome was seen that is forbidden
     */
    private static String run(String tests) throws Exception {
        Path reports = Files.createDirectories(Path.of("jcstress"));
        List<String> arguments = new ArrayList<>(List.of("-t", tests, "-r", reports + "/"));
        arguments.addAll(
                LONG
                        ? List.of("-m", "default")
                        : List.of(
                                "-f",
                                "1",
                                "-fsm",
                                "1",
                                "-iters",
                                "2",
                                "-time",
                                "100",
                                "-sc",
                                "false",
                                "-jvmArgs",
                                "-Xmx256m"));
        Options options = new Options(arguments.toArray(String[]::new));
        assertThat(options.parse()).isTrue();
        new JCStress(options).run();
        return Files.readString(reports.resolve("index.html"));
    }
}
