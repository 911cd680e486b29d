package dev.watersmeet.crdt;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one element of an {@link OrSet}: for each replica that added it, the dot of its latest addition, and whether that was seen and removed.
 *
 * <p>Immutable. Nearly always one replica has added an element, so one dot is a {@code Dots} by itself.
 */
sealed interface Dots {
    /**
     * Joins: for each replica the greater dot stands (M-8), hence commutative, associative and idempotent.
     *
     * @return this very object if the other has nothing new
     */
    Dots join(Dots other);

    /** Whether some addition has not been removed. */
    boolean isLive();

    /** The same dots, all removed. */
    Dots removed();

    /** The greatest stamp. */
    Stamp latest();

    /** The dots, one a replica, in the order of the replicas. */
    List<Dot> each();

    /**
     * The latest addition by one replica.
     *
     * @param stamp the addition
     * @param isRemoved whether it was removed
     */
    record Dot(Stamp stamp, boolean isRemoved) implements Dots {
        @Override
        public Dots join(Dots other) {
            if (other instanceof Dot dot && dot.stamp.replica().equals(stamp.replica())) {
                return greater(dot);
            }
            return Several.join(this, other);
        }

        /** The greater of two dots of one replica; this one if they are equal. */
        private Dot greater(Dot other) {
            int order = Long.compareUnsigned(stamp.time(), other.stamp.time());
            return order > 0 || (order == 0 && (isRemoved || !other.isRemoved)) ? this : other;
        }

        @Override
        public boolean isLive() {
            return !isRemoved;
        }

        @Override
        public Dot removed() {
            return isRemoved ? this : new Dot(stamp, true);
        }

        @Override
        public Stamp latest() {
            return stamp;
        }

        @Override
        public List<Dot> each() {
            return List.of(this);
        }
    }

    /** The additions by two replicas or more, in the order of the replicas. */
    final class Several implements Dots {
        private final Dot[] dots;

        private Several(Dot[] dots) {
            this.dots = dots;
        }

        @Override
        public Dots join(Dots other) {
            return this == other ? this : join(this, other);
        }

        private static Dots join(Dots one, Dots other) {
            Dot[] a = array(one);
            Dot[] b = array(other);
            Dot[] joined = new Dot[a.length + b.length];
            int size = 0;
            int i = 0;
            int j = 0;
            while (i < a.length || j < b.length) {
                int order = i == a.length ? 1 : j == b.length ? -1 : replicas(a[i], b[j]);
                joined[size++] = order < 0 ? a[i] : order > 0 ? b[j] : a[i].greater(b[j]);
                i += order <= 0 ? 1 : 0;
                j += order >= 0 ? 1 : 0;
            }
            if (size == a.length && same(a, joined)) {
                return one;
            }
            return new Several(size == joined.length ? joined : Arrays.copyOf(joined, size));
        }

        private static Dot[] array(Dots dots) {
            return dots instanceof Several several ? several.dots : new Dot[] {(Dot) dots};
        }

        private static int replicas(Dot one, Dot other) {
            return one.stamp.replica().compareTo(other.stamp.replica());
        }

        @SuppressWarnings("ReferenceEquality") // a dot that stands is the very same
        private static boolean same(Dot[] before, Dot[] after) {
            for (int i = 0; i < before.length; i++) {
                if (before[i] != after[i]) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean isLive() {
            for (Dot dot : dots) {
                if (dot.isLive()) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public Dots removed() {
            Dot[] removed = dots.clone();
            Arrays.setAll(removed, i -> removed[i].removed());
            return new Several(removed);
        }

        @Override
        public Stamp latest() {
            Stamp latest = dots[0].stamp;
            for (Dot dot : dots) {
                latest = dot.stamp.isAfter(latest) ? dot.stamp : latest;
            }
            return latest;
        }

        @Override
        public List<Dot> each() {
            return List.of(dots);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Several several && Arrays.equals(dots, several.dots);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(dots);
        }

        @Override
        public String toString() {
            return Arrays.toString(dots);
        }
    }
}
