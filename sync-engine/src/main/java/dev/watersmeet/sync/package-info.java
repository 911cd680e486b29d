/** Push, pull, snapshot and watch over any store, and the server's own replica. Start at {@link dev.watersmeet.sync.SyncEngine}. */
package dev.watersmeet.sync;
