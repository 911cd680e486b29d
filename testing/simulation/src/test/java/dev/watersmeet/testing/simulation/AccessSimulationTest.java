package dev.watersmeet.testing.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Many runs about access by document, and what they are worth: each rule that is switched off is missed. */
class AccessSimulationTest {
    private static final long FROM = Long.getLong("simulation.from", 1);
    private static final long SEEDS = Long.getLong("simulation.seeds", 300);
    private static final int SEEDS_OF_A_BUG = 60;

    @Test
    void everybodyShowsInTheEndWhatTheyMayReadAndNobodyIsToldOfAnythingElse() {
        for (long seed = FROM; seed < FROM + SEEDS; seed++) {
            assertThat(AccessRun.faults(seed, AccessBug.NONE))
                    .as(
                            "seed %d: mvn -B -ntp -DskipNpm -pl testing/simulation -am test -Dtest=AccessSimulationTest -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.from=%d -Dsimulation.seeds=1",
                            seed, seed)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
    void aRuleThatIsSwitchedOffIsMissed(AccessBug bug) {
        for (long seed = 1; seed <= SEEDS_OF_A_BUG; seed++) {
            if (!AccessRun.faults(seed, bug).isEmpty()) {
                return;
            }
        }
        fail(bug + " is not found by " + SEEDS_OF_A_BUG + " seeds");
    }
}
