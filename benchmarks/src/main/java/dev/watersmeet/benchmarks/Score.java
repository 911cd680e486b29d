package dev.watersmeet.benchmarks;

/**
 * What was measured of one contender.
 *
 * @param contender who
 * @param value in the unit of the row
 */
public record Score(Contender contender, double value) {}
