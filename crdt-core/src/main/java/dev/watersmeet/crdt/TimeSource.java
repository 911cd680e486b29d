package dev.watersmeet.crdt;

/** Where a clock reads physical time: injected, so that tests own time. */
@FunctionalInterface
public interface TimeSource {
    /** Unix milliseconds now. May jump and run backwards. */
    long millis();

    /** The system's clock. */
    static TimeSource system() {
        return System::currentTimeMillis;
    }
}
