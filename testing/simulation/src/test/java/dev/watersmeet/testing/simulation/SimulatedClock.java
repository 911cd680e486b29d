package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.TimeSource;

/** A clock that is wrong: it is off, goes too fast or too slow, and jumps. */
final class SimulatedClock implements TimeSource {
    private final Schedule schedule;
    private double rate;
    private long since;
    private long offset;

    SimulatedClock(Schedule schedule) {
        this.schedule = schedule;
        this.since = schedule.now();
    }

    @Override
    public long millis() {
        return schedule.now() + offset + (long) ((schedule.now() - since) * rate);
    }

    /** Goes on from another time. */
    void jump(long millis) {
        offset += millis;
    }

    /** From now on gains so many milliseconds a second. */
    void drift(double millisEachSecond) {
        offset = millis() - schedule.now();
        since = schedule.now();
        rate = millisEachSecond / 1000;
    }

    /** Is right from now on. */
    void repair() {
        offset = 0;
        rate = 0;
    }
}
