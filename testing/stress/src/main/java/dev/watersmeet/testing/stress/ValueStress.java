package dev.watersmeet.testing.stress;

import dev.watersmeet.crdt.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Values are immutable: those made of Java objects and those that were parsed. */
@JCStressTest
@State
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "nothing yet, or all of it")
@Outcome(expect = Expect.FORBIDDEN, desc = "a part of it")
public class ValueStress {
    private static final String TEXT = "{\"name\":\"Ada\",\"tags\":[1,2]}";

    private @Nullable Value made;
    private @Nullable Value parsed;

    /** Makes values and shows them. */
    @Actor
    public void publish() {
        made = Value.of(Map.of("name", "Ada", "tags", List.of(1, 2)));
        parsed = Value.parse(TEXT);
    }

    /** Reads what is shown. */
    @Actor
    public void read(ZZ_Result result) {
        result.r1 = isComplete(made);
        result.r2 = isComplete(parsed);
    }

    private static boolean isComplete(@Nullable Value seen) {
        return seen == null
                || (seen.text().equals(TEXT)
                        && seen.hashCode() == Value.parse(TEXT).hashCode()
                        && Value.of("Ada").equals(seen.members().get("name")));
    }
}
