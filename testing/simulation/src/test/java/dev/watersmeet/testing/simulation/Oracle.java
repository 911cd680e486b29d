package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a record may show to who has seen some happenings, by the textbooks: registers go to the latest of those that nobody has seen before he wrote his own, sets are sets of tags, counters are sums, a document lives as long
 * as there is an edit that no deletion had seen. Naive on purpose: it computes everything anew from all that ever happened, and knows of no cells.
 *
 * <p>Where it cannot be known what must be (an edit that was lost with the server's disk may live on in a browser), whatever may be is right.
 */
final class Oracle {
    private final boolean byLatestWriter;
    private final List<Happening> seen;

    /** @param byLatestWriter whether deletions of the document's collection win over edits with lower stamps, too */
    Oracle(boolean byLatestWriter, List<Happening> seen) {
        this.byLatestWriter = byLatestWriter;
        this.seen = seen;
    }

    private enum Life {
        ALIVE,
        PERHAPS,
        DEAD
    }

    /** What is wrong with a record; null if nothing is. */
    @Nullable
    String fault(Optional<Value> shown) {
        if (seen.stream().anyMatch(happening -> happening.lost || happening.faded)) {
            return null; // known limits: see docs/testing.md
        }
        Life life = life();
        if (shown.isEmpty()) {
            return life == Life.ALIVE ? "there is no record, but an edit that nobody deleted" : null;
        }
        if (life == Life.DEAD) {
            return "the record " + shown.get() + " is shown, but every edit is deleted";
        }
        Map<String, Value> fields = shown.get().fields();
        for (String place : Model.REGISTERS) {
            Value at = Model.at(fields, place);
            String fault =
                    at != null && at.isRecord() ? null : register(place, at); // what an object hides may be anything
            if (fault != null) {
                return fault;
            }
        }
        for (String place : Model.SETS) {
            String fault = set(place, Model.elements(fields, place));
            if (fault != null) {
                return fault;
            }
        }
        return counter(Model.COUNTER, fields.get(Model.COUNTER));
    }

    private Life life() {
        Life life = Life.DEAD;
        for (Happening edit : seen) {
            if (!edit.isDeletion() && !isFollowed(edit)) {
                Life its = life(edit);
                life = its.compareTo(life) < 0 ? its : life;
            }
        }
        return life;
    }

    /** Whether the same writer surely edited again under the same id: then only the later edit counts. */
    private boolean isFollowed(Happening edit) {
        return !edit.shared
                && seen.stream()
                        .anyMatch(later -> !later.isDeletion()
                                && !later.lost
                                && !later.doubtful
                                && later.writer.equals(edit.writer)
                                && later.hasSeen(edit));
    }

    private Life life(Happening edit) {
        Life life = edit.lost || edit.doubtful ? Life.PERHAPS : Life.ALIVE;
        for (Happening deletion : seen) {
            if (!deletion.isDeletion()) {
                continue;
            }
            Life left = Life.ALIVE;
            if (deletion.hasSeen(edit)) {
                boolean unsure = edit.lost || edit.shared || deletion.unsure.get(edit.number);
                left = unsure
                        ? Life.PERHAPS
                        : Life.DEAD; // he may have read after it was lost, or not its second making
            } else if (byLatestWriter && !(edit.hasSeen(deletion) && edit.surelyHad(deletion))) {
                left = deletion.forgotten ? Life.PERHAPS : isAfter(edit.stamp, deletion.stamp);
            }
            boolean perhapsAgain = byLatestWriter && deletion.shared; // with a later stamp
            if ((left == Life.DEAD && (deletion.lost || deletion.doubtful)) || (left == Life.ALIVE && perhapsAgain)) {
                left = Life.PERHAPS;
            }
            life = left.compareTo(life) > 0 ? left : life;
        }
        return life;
    }

    private static Life isAfter(@Nullable Stamp edit, @Nullable Stamp deletion) {
        if (edit == null || deletion == null) {
            return Life.PERHAPS;
        }
        return edit.isAfter(deletion) ? Life.ALIVE : Life.DEAD;
    }

    /** One happening's effect at a place. */
    private record Part(Happening happening, Effect effect) {
        /** Whether all that it did may be gone. */
        private boolean isLoose() {
            return happening.lost || happening.forgotten || happening.doubtful || effect.weak();
        }

        /** Whether it emptied a place, and that may be forgotten: what others wrote at the same time stands then. */
        private boolean isPurgedRemoval() {
            return effect.type() == Effect.Type.ASSIGN && effect.value() == null && happening.purged;
        }

        boolean overrules(Part earlier, boolean faded) {
            if (happening.hasSeen(earlier.happening)) {
                return !isLoose() && happening.surelyHad(earlier.happening);
            }
            Stamp mine = stamp();
            Stamp theirs = earlier.stamp();
            boolean concurrent = !earlier.happening.hasSeen(happening) && !earlier.happening.shared;
            return certain() && !faded && concurrent && mine != null && theirs != null && mine.isAfter(theirs);
        }

        boolean certain() {
            boolean clears = effect.type() == Effect.Type.REMOVE || effect.type() == Effect.Type.RESET;
            return !isLoose() && !isPurgedRemoval() && !(clears && happening.leans);
        }

        /** Unknown where two devices say the same under stamps that each may have exchanged. */
        @Nullable
        Stamp stamp() {
            return happening.copied > 0 ? null : happening.stamps.get(effect.place());
        }
    }

    private List<Part> parts(Effect.Type type, String place) {
        List<Part> parts = new ArrayList<>();
        for (Happening happening : seen) {
            for (Effect effect : happening.effects) {
                if (effect.type() == type && effect.place().equals(place)) {
                    parts.add(new Part(happening, effect));
                }
            }
        }
        return parts;
    }

    /** The values that a register may have, empty among them. */
    Set<Optional<Value>> values(String place) {
        List<Part> assignments = parts(Effect.Type.ASSIGN, place);
        Set<Optional<Value>> values = new HashSet<>();
        if (assignments.stream().noneMatch(part -> part.certain() && !isGoneWithWinner(part, assignments))) {
            values.add(Optional.empty());
        }
        for (Part assignment : assignments) {
            if (assignments.stream().noneMatch(other -> other.overrules(assignment, isFaded(other, assignments)))) {
                values.add(Optional.ofNullable(assignment.effect.value()));
            }
        }
        return values;
    }

    /** Whether an assignment may have lost, where it was still pending, to one that was purged since. */
    private static boolean isGoneWithWinner(Part assignment, List<Part> assignments) {
        return assignments.stream().anyMatch(other -> other.happening.forgotten && !isSurelyAfter(assignment, other));
    }

    /** Whether an assignment lost to one that emptied the place, and was purged: then it is as if it had never been. */
    private static boolean isFaded(Part assignment, List<Part> assignments) {
        return assignments.stream().anyMatch(other -> other.isPurgedRemoval() && !isSurelyAfter(assignment, other));
    }

    private static boolean isSurelyAfter(Part assignment, Part other) {
        Stamp mine = assignment.stamp();
        Stamp theirs = other.stamp();
        return assignment.happening.hasSeen(other.happening)
                || (mine != null
                        && theirs != null
                        && mine.isAfter(theirs)
                        && !other.happening.hasSeen(assignment.happening));
    }

    private @Nullable String register(String place, @Nullable Value shown) {
        Set<Optional<Value>> values = values(place);
        return values.contains(Optional.ofNullable(shown)) ? null : place + " is " + shown + ", not one of " + values;
    }

    private @Nullable String set(String place, Set<Value> shown) {
        List<Part> removals = parts(Effect.Type.REMOVE, place);
        Set<Value> must = new TreeSet<>();
        Set<Value> may = new TreeSet<>();
        for (Part addition : parts(Effect.Type.ADD, place)) {
            Value value = addition.effect.value();
            boolean gone = false;
            boolean perhaps = !addition.certain();
            for (Part removal : removals) {
                Value of = removal.effect.value();
                if (removal.happening.hasSeen(addition.happening) && (of == null || of.equals(value))) {
                    boolean certain = removal.certain() && removal.happening.surelyHad(addition.happening);
                    gone |= certain;
                    perhaps |= !certain;
                }
            }
            if (!gone) {
                may.add(value);
                if (!perhaps) {
                    must.add(value);
                }
            }
        }
        return shown.containsAll(must) && may.containsAll(shown)
                ? null
                : place + " is " + shown + ", but must hold " + must + " and may hold " + may;
    }

    private @Nullable String counter(String place, @Nullable Value shown) {
        List<Part> resets = parts(Effect.Type.RESET, place);
        Set<Double> sums = new TreeSet<>(Set.of(0.0));
        for (Part count : parts(Effect.Type.COUNT, place)) {
            boolean gone = false;
            boolean perhaps = !count.certain();
            for (Part reset : resets) {
                if (reset.happening.hasSeen(count.happening)) {
                    boolean certain = reset.certain() && reset.happening.surelyHad(count.happening);
                    gone |= certain;
                    perhaps |= !certain;
                }
            }
            if (!gone) {
                double by =
                        count.effect.value() == null ? 0 : count.effect.value().number();
                Set<Double> with = new TreeSet<>(perhaps ? sums : Set.of());
                sums.forEach(sum -> with.add(sum + by));
                for (int again = 1; count.happening.shared && again <= count.happening.copied; again++) {
                    double more = by * again;
                    Set.copyOf(with).forEach(sum -> with.add(sum + more));
                }
                sums = with;
            }
        }
        double number = shown == null ? 0 : shown.number();
        return sums.contains(number) ? null : place + " is " + number + ", not one of " + sums;
    }
}
