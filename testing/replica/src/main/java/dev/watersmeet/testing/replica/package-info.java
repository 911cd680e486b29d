/** A Java replica as a program of its own: {@link dev.watersmeet.testing.replica.Main}. */
@NullMarked
package dev.watersmeet.testing.replica;

import org.jspecify.annotations.NullMarked;
