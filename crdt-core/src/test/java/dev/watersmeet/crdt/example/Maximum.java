package dev.watersmeet.crdt.example;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.Stamp;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The highest number that anybody has reported, and who was the first to do so. Mutable and not thread-safe. */
final class Maximum {
    /** A report: all that a replica holds, and what a change did. */
    record Report(long number, Stamp stamp) {
        Report {
            requireNonNull(stamp);
        }

        /** The higher of two reports; of equal numbers the earlier. */
        static @Nullable Report join(@Nullable Report one, @Nullable Report other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            int order = Long.compare(one.number, other.number);
            return order > 0 || (order == 0 && one.stamp.compareTo(other.stamp) <= 0) ? one : other;
        }
    }

    private final HybridLogicalClock clock;
    private @Nullable Report highest;

    Maximum(HybridLogicalClock clock) {
        this.clock = clock;
    }

    /** Reports a number, and returns the delta. */
    Optional<Report> report(long number) {
        Report report = new Report(number, clock.tick());
        highest = Report.join(highest, report);
        return Optional.of(report);
    }

    /** Merges a report, and tells whether it is higher. */
    boolean merge(Optional<Report> delta) {
        delta.ifPresent(report -> clock.observe(report.stamp));
        Report before = highest;
        highest = Report.join(before, delta.orElse(null));
        return highest != null && !highest.equals(before);
    }

    Optional<Report> snapshot() {
        return Optional.ofNullable(highest);
    }
}
