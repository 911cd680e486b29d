package dev.watersmeet.benchmarks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Results as text: a Markdown table for people, JSON lines for programs. */
final class Report {
    private static final String NOTHING = "–";

    private Report() {}

    /** One JSON object without line breaks. Members without a figure are null. */
    static String json(Result result) {
        return "{\"name\":" + quoted(result.row().name())
                + ",\"ours\":" + figure(result.ours().value())
                + ",\"unit\":" + quoted(result.row().unit())
                + ",\"rival\":" + value(result.rival()).orElse("null")
                + ",\"rivalName\":" + name(result.rival()).map(Report::quoted).orElse("null")
                + ",\"ratio\":" + figure(result.ratio()).orElse("null")
                + ",\"limit\":" + value(result.limit()).orElse("null")
                + ",\"limitName\":" + name(result.limit()).map(Report::quoted).orElse("null")
                + ",\"limitRatio\":" + figure(result.limitRatio()).orElse("null") + "}";
    }

    /** The head of the table. */
    static List<String> head() {
        return List.of(
                "| row | unit | ours | best rival | times better | limit | of the limit | goal |",
                "| --- | --- | ---: | --- | ---: | --- | ---: | --- |");
    }

    /** A line of the table. */
    static String line(Result result) {
        return "| "
                + String.join(
                        " | ",
                        "`" + result.row().name() + "`",
                        result.row().unit(),
                        figure(result.ours().value()),
                        named(result.rival()),
                        figure(result.ratio()).orElse(NOTHING),
                        named(result.limit()),
                        figure(result.limitRatio()).orElse(NOTHING),
                        verdict(result))
                + " |";
    }

    /** All scores of a row, one line. */
    static String scores(Result result) {
        List<String> scores = new ArrayList<>();
        result.scores().forEach(score -> scores.add(score.contender().label() + " " + figure(score.value())));
        return "- `" + result.row().name() + "`, " + result.row().unit() + ": " + String.join(", ", scores);
    }

    private static String verdict(Result result) {
        List<String> missed = new ArrayList<>();
        boolean rival = judge(result.ratio(), result.row().goal(), " × the rival", missed);
        boolean limit = judge(result.limitRatio(), result.row().limitGoal(), " × the limit", missed);
        if (!rival && !limit) {
            return NOTHING;
        }
        return missed.isEmpty() ? "met" : "missed: " + String.join(", ", missed);
    }

    /** Whether there is a goal and a figure to judge; a miss is noted. */
    private static boolean judge(OptionalDouble ratio, double goal, String what, List<String> missed) {
        if (goal == 0 || ratio.isEmpty()) {
            return false;
        }
        if (ratio.getAsDouble() < goal) {
            missed.add(figure(ratio.getAsDouble()) + " of " + figure(goal) + what);
        }
        return true;
    }

    private static Optional<String> value(Optional<Score> score) {
        return score.map(present -> figure(present.value()));
    }

    private static Optional<String> name(Optional<Score> score) {
        return score.map(present -> present.contender().label());
    }

    private static String named(Optional<Score> score) {
        return score.map(present -> present.contender().label() + " " + figure(present.value()))
                .orElse(NOTHING);
    }

    private static Optional<String> figure(OptionalDouble value) {
        return value.isPresent() ? Optional.of(figure(value.getAsDouble())) : Optional.empty();
    }

    /** Three significant digits; more before the point as they are. */
    private static String figure(double value) {
        BigDecimal exact = BigDecimal.valueOf(value);
        BigDecimal rounded = exact.round(new MathContext(3));
        return rounded.stripTrailingZeros().toPlainString();
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
