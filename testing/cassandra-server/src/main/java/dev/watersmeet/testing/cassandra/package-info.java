/** Real Cassandra nodes, each a process of its own. */
@NullMarked
package dev.watersmeet.testing.cassandra;

import org.jspecify.annotations.NullMarked;
