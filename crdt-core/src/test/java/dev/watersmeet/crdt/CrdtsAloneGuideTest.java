package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of the guide {@code docs/crdts-alone.md}, which are parts of this file. */
class CrdtsAloneGuideTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final HybridLogicalClock clockA = HybridLogicalClock.of(() -> 1000, new ReplicaId(1));
    private final HybridLogicalClock clockB = HybridLogicalClock.of(() -> 1000, new ReplicaId(2));

    @Test
    void everyExampleIsPartOfThisFile() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/watersmeet/crdt/CrdtsAloneGuideTest.java"));
        String guide = Files.readString(Path.of("../docs/crdts-alone.md"));
        List<String> examples =
                EXAMPLE.matcher(guide).results().map(match -> match.group(1)).toList();
        assertThat(examples).hasSize(8);
        assertThat(examples).allSatisfy(example -> assertThat(spaced(source)).contains(spaced(example)));
    }

    private static String spaced(String text) {
        return SPACE.matcher(text).replaceAll(" ");
    }

    @Test
    void clocks() {
        ReplicaId replica = ReplicaId.random(new SecureRandom());
        HybridLogicalClock clock = HybridLogicalClock.of(TimeSource.system(), replica);

        assertThat(clock.tick().replica()).isEqualTo(replica);
    }

    @Test
    void sets() {
        OrSet<String> a = OrSet.of(clockA);
        OrSet<String> b = OrSet.of(clockB);

        OrSet.Delta<String> milk = a.add("milk");
        b.merge(milk);
        OrSet.Delta<String> removal = b.remove("milk");
        OrSet.Delta<String> again = a.add("milk"); // a has not heard of the removal

        a.merge(removal);
        b.merge(again);
        assertThat(a.contains("milk")).isTrue();
        assertThat(b.elements()).containsExactly("milk");
    }

    @Test
    void registersAndMaps() {
        LwwRegister<String> title = LwwRegister.of(clockA);
        title.set("Shopping");
        assertThat(title.value()).contains("Shopping");

        LwwMap<String, Integer> amounts = LwwMap.of(clockA);
        amounts.put("eggs", 6);
        amounts.remove("eggs");
        assertThat(amounts.get("eggs")).isEmpty();
    }

    @Test
    void multiRegisters() {
        MultiRegister<String> a = MultiRegister.of(clockA);
        MultiRegister<String> b = MultiRegister.of(clockB);
        a.assign("red");
        b.assign("blue");
        a.merge(b);
        assertThat(a.values()).containsExactlyInAnyOrder("red", "blue");
        assertThat(a.value()).isEmpty(); // there is not one

        b.merge(a.assign("violet"));
        assertThat(b.value()).contains("violet");
    }

    @Test
    void flags() {
        EnableWinsFlag a = EnableWinsFlag.of(clockA);
        EnableWinsFlag b = EnableWinsFlag.of(clockB);
        b.merge(a.enable());
        EnableWinsFlag.Delta off = b.disable();
        b.merge(a.enable()); // a has not heard of the disabling
        a.merge(off);
        assertThat(a.isEnabled()).isTrue();
        assertThat(b.isEnabled()).isTrue();
    }

    @Test
    void counters() {
        PnCounter a = PnCounter.of(clockA);
        PnCounter b = PnCounter.of(clockB);
        a.add(5);
        b.decrement();
        a.merge(b);
        assertThat(a.value()).isEqualTo(4);
    }

    @Test
    void outboxes() {
        OrSet<String> list = OrSet.of(clockA);
        OrSet<String> outbox = OrSet.of(clockA);

        outbox.merge(list.add("milk"));
        outbox.merge(list.add("eggs"));
        OrSet.Delta<String> both = outbox.snapshot(); // one delta to send

        assertThat(both.elements()).containsExactly("milk", "eggs");
    }

    @Test
    void storing() {
        OrSet<String> list = OrSet.of(clockA);
        list.add("milk");

        List<OrSet.Tag<String>> stored = list.snapshot().tags();
        Stamp highWater = clockA.highWater();

        HybridLogicalClock resumed = HybridLogicalClock.resume(TimeSource.system(), clockA.replica(), highWater);
        OrSet<String> restored = OrSet.of(resumed, OrSet.Delta.of(stored));
        assertThat(restored.elements()).isEqualTo(list.elements());
    }
}
