package dev.watersmeet.store.processlogs;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The state of a space, in one record: which life, epoch and generation it is in, and which logs its generation has. Whatever is written counts only if the record, read again afterwards, still allows it.
 *
 * @param life the space's life; 0 if it has none
 * @param epoch a random number, which all cursors have
 * @param generation the generation of logs, cells and cursors, counted from 1
 * @param phase what is done with the generation
 * @param attempt which attempt at a turn has been settled on; 0 unless the phase says so
 * @param logs the ids of the generation's logs, random numbers: a log's place in this list is its number in cursors
 * @param floor what is recorded in this generation is recorded at this time or later, in Unix milliseconds
 * @param renewed when the epoch began: what was recorded before counts as recorded then
 * @param oldest the oldest generation whose logs are kept
 * @param fence the first generation whose cursors cover all that was purged
 * @param formerEpoch the epoch before, as long as nothing was dropped since it was renewed; 0 otherwise (S-25)
 * @param formerFence the fence that it ended with
 * @param condemned former lives whose data are not erased yet
 */
record Control(
        long life,
        long epoch,
        long generation,
        Phase phase,
        long attempt,
        List<Long> logs,
        long floor,
        long renewed,
        long oldest,
        long fence,
        long formerEpoch,
        long formerFence,
        List<Long> condemned) {
    /** How many generations a new epoch leaves out: more than there can have been since a copy was made. */
    static final long RENEWAL_GAP = 1 << 20;

    private static final int FORM = 1;

    /** Where a generation is on its way to the next one. Their numbers are stored. */
    enum Phase {
        /** Its logs are written. */
        OPEN(1),
        /** What is appended now may not count: somebody reads where the logs end. Goes on to {@code SETTLED}, or back. */
        CLOSING(2),
        /** It is written down where the logs end and what a purge drops; that is carried out, by anyone, and the next generation opened. */
        SETTLED(3);

        private final int number;

        Phase(int number) {
            this.number = number;
        }

        private static Phase of(long number) {
            return Arrays.stream(values())
                    .filter(phase -> phase.number == number)
                    .findAny()
                    .orElseThrow(() -> MalformedException.of("a phase has number 1 to 3, not " + number));
        }
    }

    Control {
        logs = List.copyOf(logs);
        condemned = List.copyOf(condemned);
    }

    /** A space that begins. */
    static Control create(long life, long epoch, List<Long> condemned) {
        return new Control(life, epoch, 1, Phase.OPEN, 0, List.of(), 0, 0, 1, 1, 0, 0, condemned);
    }

    boolean alive() {
        return life != 0;
    }

    boolean open() {
        return phase == Phase.OPEN;
    }

    Control withLog(long id) {
        List<Long> more = new ArrayList<>(logs);
        more.add(id);
        return with(phase, attempt, more, oldest, condemned);
    }

    Control in(Phase next, long settledAttempt) {
        return with(next, settledAttempt, logs, oldest, condemned);
    }

    /** The generation after a turn. A new epoch is far away from the one before: in a copy that was put back, what was dropped may be of later generations than the record. */
    long next(Turn turn) {
        return generation + (turn.renewedEpoch() == 0 ? 1 : RENEWAL_GAP);
    }

    /** The space after a turn. */
    Control after(Turn turn) {
        long next = next(turn);
        boolean renews = turn.renewedEpoch() != 0;
        return new Control(
                life,
                renews ? turn.renewedEpoch() : epoch,
                next,
                Phase.OPEN,
                0,
                List.of(),
                renews ? turn.lastRecorded() : Math.max(floor, turn.lastRecorded()),
                renews ? turn.lastRecorded() : renewed,
                renews ? next : oldest,
                turn.drops() || renews ? next : fence,
                renews ? epoch : turn.drops() ? 0 : formerEpoch,
                renews ? fence : formerFence,
                condemned);
    }

    Control withOldest(long generationKept) {
        return with(phase, attempt, logs, generationKept, condemned);
    }

    /** The space without its life, whose data are to be erased. */
    Control ended() {
        List<Long> more = new ArrayList<>(condemned);
        more.add(life);
        return new Control(0, 0, 0, Phase.OPEN, 0, List.of(), 0, 0, 0, 0, 0, 0, more);
    }

    Control withCondemned(List<Long> lives) {
        return with(phase, attempt, logs, oldest, lives);
    }

    /** The same in the same generation, but for what changes within one. */
    private Control with(
            Phase next, long settledAttempt, List<Long> registered, long generationKept, List<Long> lives) {
        return new Control(
                life,
                epoch,
                generation,
                next,
                settledAttempt,
                registered,
                floor,
                renewed,
                generationKept,
                fence,
                formerEpoch,
                formerFence,
                lives);
    }

    byte[] toBytes() {
        return Encoder.form(FORM)
                .fixed(life)
                .fixed(epoch)
                .number(generation)
                .number(phase.number)
                .fixed(attempt)
                .number(floor)
                .number(renewed)
                .number(oldest)
                .number(fence)
                .fixed(formerEpoch)
                .number(formerFence)
                .fixed(logs)
                .fixed(condemned)
                .toBytes();
    }

    static Control parse(byte[] bytes) {
        Decoder in = Decoder.form(FORM, bytes);
        long life = in.fixed();
        long epoch = in.fixed();
        long generation = in.number();
        Phase phase = Phase.of(in.number());
        long attempt = in.fixed();
        long floor = in.number();
        long renewed = in.number();
        long oldest = in.number();
        long fence = in.number();
        long formerEpoch = in.fixed();
        long formerFence = in.number();
        return new Control(
                life,
                epoch,
                generation,
                phase,
                attempt,
                in.fixedList(),
                floor,
                renewed,
                oldest,
                fence,
                formerEpoch,
                formerFence,
                in.fixedList());
    }
}
