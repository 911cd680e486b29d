/** Bytes of what a store keeps in a form of its own: for who writes a store. */
package dev.watersmeet.store.encoding;
