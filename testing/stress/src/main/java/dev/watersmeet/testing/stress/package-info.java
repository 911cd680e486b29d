/** Stress tests of what the core lets threads share. What is mutable and not named here is documented as not thread-safe. */
@NullMarked
package dev.watersmeet.testing.stress;

import org.jspecify.annotations.NullMarked;
