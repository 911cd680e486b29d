package dev.watersmeet.store;

/** What a store may do beyond what every store does. What is not claimed is refused, or does not matter to who relies on the contract alone (S-14). */
public enum Capability {
    /** What was written is there again after the store was closed, or its process has died. Without it, cursors from before expire. */
    DURABLE,
    /** Several instances, in one process or in many, work on the same data at the same time. Without it, a second one is refused, or has data of its own. */
    SHARED_BY_INSTANCES,
    /** {@link Store#watch} hears also of what other instances write. Without it, who shares the data polls. */
    PUSH_NOTIFICATION,
    /** {@link Maintenance#purge}. Without it, removals and dead documents are kept for ever. */
    PURGE
}
