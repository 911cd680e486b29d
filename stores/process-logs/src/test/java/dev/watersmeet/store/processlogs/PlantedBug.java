package dev.watersmeet.store.processlogs;

/** What a store or its backend may get wrong: each of these the simulation has to find. */
enum PlantedBug {
    /** After an append the control record is taken for what it was before. */
    THE_GENERATION_IS_NOT_LOOKED_AT_AGAIN(0),
    /** A purge drops what is there, but not what a slow process writes later under the same generation. */
    LATE_CELLS_COME_BACK(90),
    /** Logs are cut where they are complete, not where they end. */
    LOGS_ARE_CUT_AT_THEIR_TIPS(2),
    /** A batch is acknowledged before its cells are written. */
    CELLS_COME_LATER(0),
    /** A replica's record is overwritten, whatever it is. */
    MARKS_ARE_WRITTEN_BLINDLY(220),
    /** Entries whose mark came too late stay in the log. */
    VOID_ENTRIES_STAY(4),
    /** Entries do not say what they depend on. */
    NOTHING_DEPENDS_ON_ANYTHING(3768),
    /** A log is written to before it is registered. */
    LOGS_ARE_REGISTERED_LATER(2),
    /** A log goes on after an append whose outcome is not known. */
    UNKNOWN_APPENDS_ARE_TAKEN_FOR_DONE(0),
    /** An entry is declared void whose writer may still take the replica's record. */
    VOID_IS_NOT_DECIDED(159),
    /** Who completes a log does not look whether it was cut since it was read. */
    A_PAUSED_CLOSER_COMPLETES_VOID_ENTRIES(1639),
    /** A space that is deleted has the same life again. */
    LIVES_ARE_USED_AGAIN(3),
    /** A purge is carried out by the pages that were written last, not by those that were settled on. */
    THE_LAST_PUBLISHER_WINS(398),
    /** Cells are written before the entry that brings them. */
    CELLS_COME_FIRST(1),
    /** The cursor to go on from is taken after a scan. */
    A_SCAN_ENDS_WITH_ITS_CURSOR(79),
    /** Readers pass by a log that is registered. */
    A_LOG_IS_PASSED_BY(2),
    /** Readers go on where entries are not complete. */
    READERS_GO_BEYOND_TIPS(2),
    /** With the logs of a generation those of the next one go, too, whose end nothing has settled. */
    LOGS_GO_BEFORE_THEIR_CUT(6),
    /** A process that is slow in carrying out a purge drops what was written under the next generation. */
    THE_NEXT_GENERATION_IS_DROPPED_TOO(1);

    /** The first seed that finds it. */
    final long seed;

    PlantedBug(long seed) {
        this.seed = seed;
    }
}
