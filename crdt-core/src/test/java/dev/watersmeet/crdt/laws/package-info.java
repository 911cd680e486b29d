/** The property kit: the laws that replicated types keep to, and random values, paths, cells and states to try them with. Published as the test-jar of {@code watersmeet-crdt-core}. */
@NullMarked
package dev.watersmeet.crdt.laws;

import org.jspecify.annotations.NullMarked;
