package dev.watersmeet.crdt;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is known of an element beside the stamp of its latest addition: whether that was removed, and the {@link Dot}s of other replicas, in the order of the replicas. Immutable. */
final class Dots {
    private final boolean latestRemoved;
    private final Dot[] others;

    private Dots(boolean latestRemoved, Dot... others) {
        this.latestRemoved = latestRemoved;
        this.others = others;
    }

    /** No other replica's. */
    static Dots none(boolean latestRemoved) {
        return new Dots(latestRemoved);
    }

    /** Whether the latest addition was removed. */
    boolean latestRemoved() {
        return latestRemoved;
    }

    /** The same dots beside a latest one that was removed, or was not. */
    Dots beside(boolean isLatestRemoved) {
        return isLatestRemoved == latestRemoved ? this : new Dots(isLatestRemoved, others);
    }

    /**
     * Joins the dot of another replica: for each replica the greater one stands.
     *
     * @return this very object if that is nothing new
     */
    Dots join(Dot dot) {
        int at = find(dot.replica());
        if (at < 0) {
            return inserted(-at - 1, dot);
        }
        if (!dot.wins(others[at])) {
            return this;
        }
        Dot[] after = others.clone();
        after[at] = dot;
        return new Dots(latestRemoved, after);
    }

    private Dots inserted(int at, Dot dot) {
        Dot[] after = Arrays.copyOf(others, others.length + 1);
        System.arraycopy(others, at, after, at + 1, others.length - at);
        after[at] = dot;
        return new Dots(latestRemoved, after);
    }

    /** The same without the dot of a replica, whose is the latest now. */
    Dots without(ReplicaId replica) {
        return new Dots(
                latestRemoved,
                Stream.of(others).filter(dot -> !dot.replica().equals(replica)).toArray(Dot[]::new));
    }

    private int find(ReplicaId replica) {
        for (int i = 0; i < others.length; i++) {
            int order = others[i].replica().compareTo(replica);
            if (order >= 0) {
                return order == 0 ? i : -i - 1;
            }
        }
        return -others.length - 1;
    }

    /** The same additions, all removed. */
    Dots removed() {
        return new Dots(true, Stream.of(others).map(Dot::asRemoved).toArray(Dot[]::new));
    }

    /** Whether some addition was not removed. */
    boolean isLive() {
        return !latestRemoved || !Stream.of(others).allMatch(Dot::removed);
    }

    /** The dots of other replicas. */
    List<Dot> others() {
        return List.of(others);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Dots dots
                        && latestRemoved == dots.latestRemoved
                        && Arrays.equals(others, dots.others));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(others);
    }
}
