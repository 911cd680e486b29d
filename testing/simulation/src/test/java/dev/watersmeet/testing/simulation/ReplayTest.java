package dev.watersmeet.testing.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.testing.simulation.Run.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** One seed, with its trace: {@code bin/simulate SEED [BUG]}. */
@EnabledIfSystemProperty(named = "simulation.seed", matches = "[0-9]+")
class ReplayTest {
    @Test
    void replaysOneSeed() {
        String bug = System.getProperty("simulation.bug", "");
        Result result = Run.of(
                Long.getLong("simulation.seed", 1), bug.isEmpty() ? PlantedBug.NONE : PlantedBug.valueOf(bug), true);
        result.trace().forEach(System.out::println);
        assertThat(result.faults()).isEmpty();
    }
}
