/**
 * Fuzzing of everything that reads bytes or texts of others: messages, stored records, cursors, tokens. A {@link dev.watersmeet.testing.fuzz.Decoder} says what has to hold of any input; Jazzer makes the inputs, led by which
 * code they reach.
 */
@NullMarked
package dev.watersmeet.testing.fuzz;

import org.jspecify.annotations.NullMarked;
