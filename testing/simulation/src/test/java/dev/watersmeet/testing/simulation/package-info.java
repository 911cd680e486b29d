/**
 * Deterministic simulation: real clients, engines and a store in memory under one seeded scheduler, which owns time, the network and every fault. A seed is a run: the same seed does the same again.
 *
 * <p>{@link dev.watersmeet.testing.simulation.Run} is one run, {@link dev.watersmeet.testing.simulation.Oracle} says what may be seen in it, {@link dev.watersmeet.testing.simulation.PlantedBug} lists what it has to find.
 */
@NullMarked
package dev.watersmeet.testing.simulation;

import org.jspecify.annotations.NullMarked;
