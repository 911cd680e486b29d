package dev.watersmeet.store.processlogs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several processes that pause, die and write late: by seeds, which are told where a run fails. */
class SimulationTest {
    private static final long SEEDS = System.getenv("WATERSMEET_LONG") == null ? 120 : 20_000;

    @Test
    void nothingIsLostTornOrBroughtBack() {
        for (long seed = 0; seed < SEEDS; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        try {
            Simulation.run(seed, null);
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
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
