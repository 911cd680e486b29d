/** A real Drillbit for tests and the demo. */
@NullMarked
package dev.watersmeet.testing.drill;

import org.jspecify.annotations.NullMarked;
