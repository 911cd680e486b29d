/** What fuzzing needs of the embedded store's own forms. */
@NullMarked
package dev.watersmeet.store.embedded;

import org.jspecify.annotations.NullMarked;
