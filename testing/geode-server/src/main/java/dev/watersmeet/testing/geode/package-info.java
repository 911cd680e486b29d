/** Real Geode locators and servers, each a process of its own. */
@NullMarked
package dev.watersmeet.testing.geode;

import org.jspecify.annotations.NullMarked;
