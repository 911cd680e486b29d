package dev.watersmeet.benchmarks;

/**
 * One line of a suite.
 *
 * @param name as the goals name it
 * @param unit of the scores
 * @param better whether more or less of it is better
 * @param goal how many times better than the best rival we mean to be; 0 if nothing is meant
 * @param limitGoal how near to the limit we mean to be, 1 being at it; 0 if nothing is meant
 */
public record Row(String name, String unit, Better better, double goal, double limitGoal) {
    /** Whether more or less is better. */
    public enum Better {
        MORE,
        LESS
    }

    /** How many times better one score is than another. */
    public double ratio(double score, double other) {
        return better == Better.MORE ? score / other : other / score;
    }
}
