/**
 * The Java model against the TypeScript model: what one is given the other is given, too, and both must come to the same, byte for byte.
 *
 * <p>Generators make the cases in Java; {@link dev.watersmeet.testing.differential.NodePeer} hands them to the other side.
 */
@NullMarked
package dev.watersmeet.testing.differential;

import org.jspecify.annotations.NullMarked;
