/** The contract between the sync engine and a store of cells. Start at {@link dev.watersmeet.store.Store}. */
package dev.watersmeet.store;
