package dev.watersmeet.testing.stress;

import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Paths and values are immutable: a thread that finds one without any synchronisation finds it complete. */
@JCStressTest
@State
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "nothing yet, or all of it")
@Outcome(expect = Expect.FORBIDDEN, desc = "a part of it")
public class PublicationStress {
    private @Nullable Path path;

    /** Makes a path and shows it. */
    @Actor
    public void publish() {
        path = Path.leaf("address", List.of("city"));
    }

    /** Reads what is shown. */
    @Actor
    public void read(Z_Result result) {
        Path seen = path;
        result.r1 = seen == null
                || (Value.of(List.of("n", "address", "city")).text().equals(seen.text())
                        && seen.equals(Path.leaf("address", List.of("city"))));
    }
}
