/** The reference store, in memory: the contract in its shortest form. */
package dev.watersmeet.store.memory;
