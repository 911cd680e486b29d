package dev.watersmeet.store.processlogs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several processes that pause, die and write late: by seeds, of which a failing one tells the command that runs it alone. */
class SimulationTest {
    private static final long FROM = Long.getLong("simulation.from", 0);
    private static final long SEEDS =
            Long.getLong("simulation.seeds", System.getenv("WATERSMEET_LONG") == null ? 500 : 20_000);
    private static final String REPLAY = "mvn -B -ntp -DskipNpm -pl stores/process-logs -am test -Dtest=SimulationTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.seeds=1 -Dsimulation.from=";

    @Test
    void nothingIsLostTornOrBroughtBack() {
        for (long seed = FROM; seed < FROM + SEEDS; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        try {
            Simulation.run(seed, null);
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\nreplay it: " + REPLAY + seed, e);
        }
    }

    @ParameterizedTest
    @EnumSource(PlantedBug.class)
    void everyPlantedBugIsFound(PlantedBug bug) {
        assertThatThrownBy(() -> Simulation.run(bug.seed, bug))
                .as("%s with seed %d; after a change of the simulation another seed may be the first", bug, bug.seed)
                .isInstanceOfAny(AssertionError.class, IllegalStateException.class);
        assertThatCode(() -> Simulation.run(bug.seed, null))
                .as("the same without the bug")
                .doesNotThrowAnyException();
    }
}
