package dev.watersmeet.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ServerTimeTest {
    private static final long NOW = 1_700_000_000_000L;

    private final AtomicLong clock = new AtomicLong(NOW);
    private final ServerTime time = new ServerTime(clock::get);

    /** An answer comes to a request of a moment before. */
    private void answer(long server, long roundTripMillis) {
        clock.addAndGet(roundTripMillis);
        time.measure(server, roundTripMillis);
    }

    @Test
    void aClockIsNotTakenForAnotherOneBecauseAnAnswerIsSlow() {
        answer(NOW, 2600); // it looked at its clock at once
        assertThat(time.millis()).isEqualTo(clock.get());
        answer(clock.get() + 2600, 2600); // or at the very end
        assertThat(time.millis()).isEqualTo(clock.get());
    }

    @Test
    void anotherClockIsSeenThroughASlowAnswer() {
        answer(NOW + 60_000, 2600);
        assertThat(time.millis() - clock.get()).isBetween(57_400L, 60_000L);
    }

    @Test
    void anotherClockIsSeenAtOnce() {
        answer(NOW - 5_000, 0);
        assertThat(time.millis()).isEqualTo(NOW - 5_000);
    }
}
