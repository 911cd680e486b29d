/** The stores that several servers share, on their own servers, beside what else can be done there. */
@NullMarked
package dev.watersmeet.benchmarks.shared;

import org.jspecify.annotations.NullMarked;
