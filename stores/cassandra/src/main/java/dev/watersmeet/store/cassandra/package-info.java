/** A store on Apache Cassandra, which any number of servers may share. */
@NullMarked
package dev.watersmeet.store.cassandra;

import org.jspecify.annotations.NullMarked;
