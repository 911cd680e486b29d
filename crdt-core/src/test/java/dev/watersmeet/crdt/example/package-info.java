/** The example of {@code docs/prove-a-type.md}: it uses only what is published. */
@NullMarked
package dev.watersmeet.crdt.example;

import org.jspecify.annotations.NullMarked;
