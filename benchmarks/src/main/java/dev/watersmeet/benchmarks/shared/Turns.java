package dev.watersmeet.benchmarks.shared;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Measures that are taken one after the other, and all of them again and again, so that what else the machine does meets all. */
final class Turns {
    private Turns() {}

    /** The medians of so many repetitions, after one that only warms up. */
    static double[] medians(int repetitions, List<DoubleSupplier> measures) {
        return medians(1, repetitions, measures);
    }

    /** The medians of so many repetitions, after some that only warm up: short ones leave this process, and the server's, half compiled after one. */
    static double[] medians(int warmUps, int repetitions, List<DoubleSupplier> measures) {
        double[][] figures = new double[measures.size()][repetitions];
        for (int repetition = -warmUps; repetition < repetitions; repetition++) {
            for (int i = 0; i < figures.length; i++) {
                double figure = measures.get(i).getAsDouble();
                if (repetition >= 0) {
                    figures[i][repetition] = figure;
                }
            }
        }
        return Arrays.stream(figures)
                .mapToDouble(values -> Arrays.stream(values).sorted().toArray()[values.length / 2])
                .toArray();
    }
}
