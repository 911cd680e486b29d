package dev.watersmeet.testing.simulation;

import dev.watersmeet.sync.SyncEngine;
import dev.watersmeet.testing.simulation.Weather.Trouble;
import java.time.Duration;

/** A rule that is switched off, by something that stands between the parts: the parts themselves are as they are. Each names what goes wrong then. */
enum PlantedBug {
    /** All is as it should be. */
    NONE(0),

    // In the store

    /** Half of a batch is applied, and the rest a little later (S-2). */
    HALF_A_BATCH(60),
    /** A document's cells are applied in two parts (P-8). */
    HALF_A_DOCUMENT(60),
    /** The number of a push is recorded, and its cells are lost where the server dies (P-5). */
    MARK_WITHOUT_CELLS(60),
    /** What was acknowledged is lost with the server, because it was not synced (S-1). */
    ACKNOWLEDGED_BEFORE_SYNC(60),
    /** Dead documents are left out of a snapshot (P-12). */
    DEAD_LEFT_OUT(60),
    /** Who has read up to before a purge may push, and does not hear of the purge (S-20). */
    PUSHED_PAST_A_PURGE(200, Trouble.PURGES),
    /** A restored copy keeps its epoch (S-21). */
    EPOCH_KEPT(200, Trouble.RESTORES),
    /** What the server's own clock has reserved is not kept (M-3). */
    STAMP_REUSED(200),
    /** Whoever comes from before a restored copy may offer again, whatever he has not heard of (P-23). */
    OFFERED_BY_ANYBODY(3000, Trouble.PURGES_AND_RESTORES),
    /** A restored server goes on under the replica id that it had (P-23). */
    SERVER_ID_KEPT(1000, Trouble.RESTORES),
    /** Readers pass by what is being written, up to what was written after it (S-4). */
    HOLE_NOT_CHECKED(60),

    // In the engine

    /** A snapshot's cursor is from after its last page (P-12). */
    CURSOR_AFTER_THE_SCAN(60),
    /** Stamps may be from any future (P-8). */
    ANY_FUTURE(60),
    /** What was refused is joined with the rest (P-7). */
    REFUSED_BUT_JOINED(60),
    /** Live cells of others' are taken from anyone (P-8). */
    FOREIGN_STAMPS(60),
    /** A push is settled by its number, whoever sent it (P-5). */
    NONCE_IGNORED(200, Trouble.TWINS),

    // In the client

    /** An edit that only removes does not write its existence (M-16). */
    SILENT_REMOVAL(60),
    /** An edit that writes nothing does not write its existence either (M-16). */
    BARE_EXISTENCE_LEFT_OUT(60),
    /** Who edits an object lets stand what it hides (M-26). */
    HIDDEN_LEAF_STAYS(200),
    /** A document lives by the fields that its edits have written, not by their existences (M-11). */
    ALIVE_BY_OTHER_CELLS(60),
    /** A deletion by the latest writer deletes what its writer had seen, and no more (M-11). */
    LATEST_DELETION_IGNORED(60),
    /** A document is created again without resetting its counters (M-21). */
    NO_BASE(60),
    /** A device that has forgotten what it counted in a life goes on with it (M-40). */
    LIFE_GONE_ON_WITH(1500),
    /** A snapshot is joined with what was held (P-12). */
    RESYNC_JOINS(60),
    /** What a purge has dropped is not dropped (P-21). */
    DROPPED_IGNORED(200, Trouble.PURGES),
    /** A push that was refused because of a purge is sent again as it was (P-21). */
    NOT_FORMED_ANEW(300, Trouble.PURGES),
    /** Of a document that the server no longer has, what is pending is uploaded, and not the whole (P-9). */
    UPLOADED_IN_PART(60),
    /** What a restored server has lost is not offered again (P-23). */
    NOT_OFFERED_AGAIN(200, Trouble.RESTORES),
    /** What a refusal tells of the last push is not heard (P-6). */
    NOT_SETTLED(60),
    /** A value that was put back to what the client last read is no edit (M-16). */
    REVERT_IS_NO_EDIT(300),
    /** Pending edits get other stamps, in another order (P-28). */
    RESTAMPED_IN_ANOTHER_ORDER(60),
    /** Pending edits get other stamps, but their removals and deletions do not (P-28). */
    RESTAMPED_BUT_REMOVALS(60),
    /** Pending edits get other stamps, below what was received (P-28). */
    RESTAMPED_DOWNWARD(60),
    /** A replica with a twin takes what it sent for never sent: it makes it once more under its new id (P-28). */
    RESTAMPED_WHAT_WAS_SENT(3000, Trouble.TWINS),
    /** The totals of a replica with a twin go over to its new id, not what it counted beyond them (P-28). */
    COUNTER_TOTAL_MOVED(300, Trouble.TWINS);

    /** It is found among so many seeds, from 1 on. */
    final int seeds;

    /** Without this it cannot show: seeds that have none need not be run. */
    final Trouble trouble;

    PlantedBug(int seeds) {
        this(seeds, Trouble.ANY);
    }

    PlantedBug(int seeds, Trouble trouble) {
        this.seeds = seeds;
        this.trouble = trouble;
    }

    SyncEngine.Builder engine(SyncEngine.Builder builder) {
        return this == ANY_FUTURE ? builder.drift(Duration.ofDays(1)) : builder;
    }

    NodeStore store(SharedStore shared, NodeStore.Faults faults) {
        return this == NONE ? new NodeStore(shared, faults) : new BrokenStore(shared, faults, this);
    }
}
