/** The worked example of {@code docs/write-a-store.md}: a store on a SQL database, written for H2. Start at {@link dev.watersmeet.store.jdbc.JdbcStore}. */
@NullMarked
package dev.watersmeet.store.jdbc;

import org.jspecify.annotations.NullMarked;
