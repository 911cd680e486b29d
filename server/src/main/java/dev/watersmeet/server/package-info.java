/** The runnable server. */
@NullMarked
package dev.watersmeet.server;

import org.jspecify.annotations.NullMarked;
