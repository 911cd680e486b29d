/** What may be deployed to the servers of Geode. Thread-safe. */
@NullMarked
package dev.watersmeet.store.geode.function;

import org.jspecify.annotations.NullMarked;
