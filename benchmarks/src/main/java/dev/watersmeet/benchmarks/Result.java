package dev.watersmeet.benchmarks;

import dev.watersmeet.benchmarks.Contender.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The scores of a row, ours among them.
 *
 * @param row the row
 * @param scores one for each contender that took part
 */
public record Result(Row row, List<Score> scores) {
    public Result {
        scores = List.copyOf(scores);
        if (scores.stream().noneMatch(score -> score.contender().role() == Role.OURS)) {
            throw new IllegalArgumentException(row.name() + " has no score of ours");
        }
    }

    Score ours() {
        return best(Role.OURS).orElseThrow();
    }

    Optional<Score> rival() {
        return best(Role.RIVAL);
    }

    Optional<Score> limit() {
        return best(Role.LIMIT);
    }

    /** How many times better than the best rival we are. */
    OptionalDouble ratio() {
        return against(rival());
    }

    /** How near to the limit we are; 1 is at it. */
    OptionalDouble limitRatio() {
        return against(limit());
    }

    private OptionalDouble against(Optional<Score> other) {
        return other.map(score -> OptionalDouble.of(row.ratio(ours().value(), score.value())))
                .orElse(OptionalDouble.empty());
    }

    private Optional<Score> best(Role role) {
        return scores.stream()
                .filter(score -> score.contender().role() == role)
                .max(Comparator.comparingDouble(score -> row.ratio(score.value(), 1)));
    }
}
