/** Servers of databases, each a process of its own. */
@NullMarked
package dev.watersmeet.testing.forked;

import org.jspecify.annotations.NullMarked;
