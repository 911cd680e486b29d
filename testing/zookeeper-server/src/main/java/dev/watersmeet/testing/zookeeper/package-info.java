/** Real ZooKeeper servers, each a process of its own. */
@NullMarked
package dev.watersmeet.testing.zookeeper;

import org.jspecify.annotations.NullMarked;
