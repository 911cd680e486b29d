/**
 * The test kit that every store adapter has to pass: subclass {@link dev.watersmeet.store.tck.StoreContract} and hand it a {@link dev.watersmeet.store.tck.StoreFixture}. Each test's name starts
 * with the rule of {@link dev.watersmeet.store.Store} that it is about.
 */
@NullMarked
package dev.watersmeet.store.tck;

import org.jspecify.annotations.NullMarked;
