package dev.watersmeet.testing.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.watersmeet.testing.simulation.Run.Result;
import org.junit.jupiter.api.Test;

/** Many runs, each of another seed. */
class SimulationTest {
    private static final long FROM = Long.getLong("simulation.from", 1);
    private static final long SEEDS = Long.getLong("simulation.seeds", 500);

    @Test
    void everybodyAgreesInTheEndAndNothingIsLost() {
        long happenings = 0;
        long writes = 0;
        for (long seed = FROM; seed < FROM + SEEDS; seed++) {
            Result result = Run.of(seed, PlantedBug.NONE, false);
            if (!result.faults().isEmpty()) {
                fail("seed " + seed + ": " + result.faults().get(0)
                        + "\n\nits trace, and what else was wrong:\n\n    bin/simulate " + seed + "\n");
            }
            happenings += result.happenings();
            writes += result.writes();
        }
        assertThat(happenings).as("edits").isGreaterThan(20 * SEEDS);
        assertThat(writes).as("writes of the store").isGreaterThan(5 * SEEDS);
    }

    @Test
    void oneSeedDoesTheSameAgain() {
        for (long seed = FROM; seed < FROM + 5; seed++) {
            assertThat(Run.of(seed, PlantedBug.NONE, true).trace())
                    .isNotEmpty()
                    .isEqualTo(Run.of(seed, PlantedBug.NONE, true).trace());
        }
    }
}
