package dev.watersmeet.store.embedded;

import java.time.Instant;

/**
 * A backup of a store.
 *
 * @param number in the order of the backups of a folder
 * @param taken when
 * @param bytes of its files, also of those that it shares with other backups
 */
public record Backup(int number, Instant taken, long bytes) {}
