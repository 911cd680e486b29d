/** The test kit that every store adapter has to pass. */
@NullMarked
package dev.watersmeet.store.tck;

import org.jspecify.annotations.NullMarked;
