package dev.watersmeet.testing.stress.broken;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A clock that reads its last time, and then writes the next one. */
@JCStressTest
@State
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "two times")
@Outcome(expect = Expect.FORBIDDEN, desc = "one time, issued twice")
public class RacyClockStress {
    private volatile long last;
    private long one;
    private long two;

    /** Takes a time. */
    @Actor
    public void tick() {
        one = next();
    }

    /** Takes another one. */
    @Actor
    public void tickToo() {
        two = next();
    }

    private long next() {
        long next = last + 1;
        last = next;
        return next;
    }

    /** Compares them. */
    @Arbiter
    public void compare(Z_Result result) {
        result.r1 = one != two;
    }
}
