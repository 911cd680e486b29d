/** Benchmarks of the core, each beside its rivals and a physical limit in the same run: {@code bin/bench core}. */
@NullMarked
package dev.watersmeet.benchmarks;

import org.jspecify.annotations.NullMarked;
