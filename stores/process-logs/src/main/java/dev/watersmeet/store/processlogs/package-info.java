/**
 * A store for databases that many processes write to, and that have conditional writes of single records but no transaction over several: each process writes a log of its own, and a purge closes one generation of logs and
 * opens the next. What such a database has to do is a {@link dev.watersmeet.store.processlogs.Backend}.
 */
@NullMarked
package dev.watersmeet.store.processlogs;

import org.jspecify.annotations.NullMarked;
