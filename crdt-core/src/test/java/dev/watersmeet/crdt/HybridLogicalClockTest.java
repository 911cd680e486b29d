package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HybridLogicalClockTest {
    private static final ReplicaId OWN = new ReplicaId(5);
    private static final ReplicaId OTHER = new ReplicaId(-5);

    private final AtomicLong millis = new AtomicLong(1000);
    private final HybridLogicalClock clock = HybridLogicalClock.of(millis::get, OWN);

    /** What a clock lives through: readings of physical time, and stamps of others. */
    @Property
    void stampsGrowWhateverPhysicalTimeDoes(@ForAll("readings") List<Long> readings) {
        Stamp highest = new Stamp(0, OTHER);
        for (int i = 0; i < readings.size(); i++) {
            if (i % 3 == 2) {
                Stamp received = Stamp.of(Math.max(0, Math.min(readings.get(i), 1L << 40)), i, OTHER);
                clock.observe(received);
                highest = received.isAfter(highest) ? received : highest;
            } else {
                millis.set(readings.get(i));
                Stamp stamp = clock.tick();
                assertThat(stamp).isGreaterThan(highest);
                assertThat(stamp.replica()).isEqualTo(OWN);
                highest = stamp;
            }
            assertThat(clock.highWater().time()).isGreaterThanOrEqualTo(highest.time());
        }
    }

    @Property
    void aClockThatResumesIssuesNothingTwice(
            @ForAll("readings") List<Long> before, @ForAll("readings") List<Long> after) {
        List<Stamp> issued = new ArrayList<>();
        before.forEach(reading -> {
            millis.set(reading);
            issued.add(clock.tick());
        });
        HybridLogicalClock resumed = HybridLogicalClock.resume(millis::get, OWN, clock.highWater());
        after.forEach(reading -> {
            millis.set(reading);
            issued.add(resumed.tick());
        });
        assertThat(issued).isSorted().doesNotHaveDuplicates();
    }

    @Provide
    Arbitrary<List<Long>> readings() {
        Arbitrary<Long> anywhere = Arbitraries.longs().between(-10, 1L << 40);
        Arbitrary<Long> close = Arbitraries.longs().between(1_000, 1_010);
        return Arbitraries.oneOf(anywhere, close).list().ofMaxSize(40);
    }

    @Test
    void followsPhysicalTime() {
        assertThat(clock.tick()).isEqualTo(Stamp.of(1000, 0, OWN));
        millis.set(1005);
        assertThat(clock.tick()).isEqualTo(Stamp.of(1005, 0, OWN));
    }

    @Test
    void countsWhilePhysicalTimeStandsStill() {
        clock.tick();
        assertThat(clock.tick()).isEqualTo(Stamp.of(1000, 1, OWN));
        assertThat(clock.tick()).isEqualTo(Stamp.of(1000, 2, OWN));
    }

    @Test
    void countsOnWhilePhysicalTimeRunsBackwards() {
        clock.tick();
        millis.set(10);
        assertThat(clock.tick()).isEqualTo(Stamp.of(1000, 1, OWN));
    }

    @Test
    @Tag("M-3")
    void isAboveWhatItObserved() {
        clock.observe(Stamp.of(5000, 7, OTHER));
        assertThat(clock.tick()).isEqualTo(Stamp.of(5000, 8, OWN));
    }

    @Test
    @Tag("M-3")
    void isAboveAllCellsOfADocumentThatItObserved() {
        clock.observe(DocumentState.of(Map.of(
                Path.register("earlier"), new Cell(Stamp.of(4000, 9, OTHER), false, Value.NULL),
                Path.register("later"), new Cell(Stamp.of(5000, 7, OTHER), true, null))));
        assertThat(clock.tick()).isEqualTo(Stamp.of(5000, 8, OWN));
        clock.observe(DocumentState.empty());
        assertThat(clock.tick()).isEqualTo(Stamp.of(5000, 9, OWN));
    }

    @Test
    void isNotHeldBackByWhatItObserved() {
        clock.observe(Stamp.of(10, 7, OTHER));
        assertThat(clock.tick()).isEqualTo(Stamp.of(1000, 0, OWN));
    }

    @Test
    void theCounterOverflowsIntoTheMillisecond() {
        clock.observe(Stamp.of(1000, Stamp.MAX_COUNTER, OTHER));
        assertThat(clock.tick()).isEqualTo(Stamp.of(1001, 0, OWN));
    }

    @Test
    void timeBeforeTheEpochCountsAsTheEpoch() {
        millis.set(-1);
        assertThat(clock.tick()).isEqualTo(Stamp.of(0, 1, OWN));
    }

    @Test
    void timeBeyondFortyEightBitsCountsAsTheirGreatest() {
        millis.set(Long.MAX_VALUE);
        assertThat(clock.tick()).isEqualTo(Stamp.of(Stamp.MAX_MILLIS, 0, OWN));
    }

    @Test
    void readingsAreComparedUnsigned() {
        millis.set(1L << 47); // the sign bit of the reading
        Stamp stamp = clock.tick();
        assertThat(stamp.millis()).isEqualTo(1L << 47);
        clock.observe(Stamp.of(1, 0, OTHER));
        assertThat(clock.tick()).isEqualTo(Stamp.of(1L << 47, 1, OWN));
    }

    @Test
    void theGreatestStampIsTheLast() {
        clock.observe(Stamp.of(Stamp.MAX_MILLIS, Stamp.MAX_COUNTER, OTHER));
        assertThatThrownBy(clock::tick).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Tag("M-3")
    void resumesAboveTheHighWaterMarkThoughTimeWentBack() {
        HybridLogicalClock resumed = HybridLogicalClock.resume(millis::get, OWN, Stamp.of(2000, 3, OTHER));
        assertThat(resumed.tick()).isEqualTo(Stamp.of(2000, 4, OWN));
    }

    @Test
    @Tag("M-3")
    void threadsAreNeverIssuedTheSameStamp() throws InterruptedException {
        Set<Stamp> issued = new ConcurrentSkipListSet<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(
                    () -> {
                        for (int tick = 0; tick < 5_000; tick++) {
                            clock.observe(Stamp.of(1000 + tick / 10, 0, OTHER));
                            issued.add(clock.tick());
                        }
                    },
                    "clock-" + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(issued).hasSize(20_000);
    }
}
