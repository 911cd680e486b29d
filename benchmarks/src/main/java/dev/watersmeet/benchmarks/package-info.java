/** JMH benchmarks. Figures are ratios to rivals and to a physical limit in the same run. */
@NullMarked
package dev.watersmeet.benchmarks;

import org.jspecify.annotations.NullMarked;
