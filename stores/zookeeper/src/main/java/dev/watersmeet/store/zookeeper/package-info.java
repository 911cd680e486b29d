/** A store on Apache ZooKeeper: one log a space, and one transaction for each step of it. */
@NullMarked
package dev.watersmeet.store.zookeeper;

import org.jspecify.annotations.NullMarked;
