/** A store in a folder that any number of servers may share, and whose documents Apache Drill reads as tables. */
@NullMarked
package dev.watersmeet.store.drill;

import org.jspecify.annotations.NullMarked;
