/** What the harness has to find, or it finds nothing. */
@NullMarked
package dev.watersmeet.testing.stress.broken;

import org.jspecify.annotations.NullMarked;
