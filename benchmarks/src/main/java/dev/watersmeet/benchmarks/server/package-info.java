/** Benchmarks of the server as it is run, beside other servers in the same run: {@code bin/bench server}. */
@NullMarked
package dev.watersmeet.benchmarks.server;

import org.jspecify.annotations.NullMarked;
