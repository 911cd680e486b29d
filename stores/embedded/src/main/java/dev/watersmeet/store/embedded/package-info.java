/** The default store: RocksDB in the server's own process. */
@NullMarked
package dev.watersmeet.store.embedded;

import org.jspecify.annotations.NullMarked;
