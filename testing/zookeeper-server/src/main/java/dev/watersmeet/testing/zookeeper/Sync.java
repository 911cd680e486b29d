package dev.watersmeet.testing.zookeeper;

/** When a server acknowledges what it has written. */
public enum Sync {
    /** When the disk has it, as in production. */
    FORCED,
    /** When the operating system has it: enough where processes die, and machines do not. */
    LAZY
}
