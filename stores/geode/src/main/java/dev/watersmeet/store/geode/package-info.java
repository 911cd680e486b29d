/** A store on Apache Geode, which any number of servers may share. */
@NullMarked
package dev.watersmeet.store.geode;

import org.jspecify.annotations.NullMarked;
