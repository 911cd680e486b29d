package dev.watersmeet.testing.simulation;

import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What the simulation is worth: each rule that is switched off is missed, within a number of seeds. */
class PlantedBugTest {
    @ParameterizedTest
    @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
    void isFound(PlantedBug bug) {
        for (long seed = 1; seed <= bug.seeds; seed++) {
            if (Weather.of(seed).has(bug.trouble)
                    && !Run.of(seed, bug, false).faults().isEmpty()) {
                return;
            }
        }
        fail(bug + " is not found by " + bug.seeds + " seeds");
    }
}
