package dev.watersmeet.store.drill;

import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.Versioned;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Records that are changed by compare-and-set. A record is a folder; each of its states a file with the next number, made only if there is none of that number. The latest ones stay, so that who was slow finds out by the
 * next state whether its own counts. Thread-safe.
 */
final class Records {
    private static final int KEPT = 32;
    private static final int MAX_ATTEMPTS = 1000;

    private final Disk disk;

    /**
     * A state of a record.
     *
     * @param number its number, from 1; 0 for the state before the first one
     * @param change a random number of the change that made it
     * @param after the change that made the state before
     * @param held what the record holds; null if it is deleted
     */
    private record State(long number, long change, long after, @Nullable Versioned held) {
        static final State NONE = new State(0, 0, 0, null);

        byte[] toBytes() {
            byte[] bytes = held == null ? new byte[0] : held.bytes();
            ByteBuffer out = ByteBuffer.allocate(3 * Long.BYTES + 1 + bytes.length)
                    .putLong(change)
                    .putLong(after)
                    .put((byte) (held == null ? 0 : 1))
                    .putLong(held == null ? 0 : held.version())
                    .put(bytes);
            return out.array();
        }

        static State parse(long number, byte[] stored) throws IOException {
            try {
                ByteBuffer in = ByteBuffer.wrap(stored);
                long change = in.getLong();
                long after = in.getLong();
                boolean there = in.get() != 0;
                long version = in.getLong();
                byte[] bytes = new byte[in.remaining()];
                in.get(bytes);
                return new State(number, change, after, there ? Versioned.of(version, bytes) : null);
            } catch (BufferUnderflowException e) {
                throw new Frame.DamagedFile("a record's state " + number + " is damaged");
            }
        }
    }

    Records(Disk disk) {
        this.disk = disk;
    }

    /** @param settled whether somebody may still be about to change it who has looked before: then it gets another number, and who expects the one before is too late */
    @Nullable
    Versioned read(Path record, boolean settled) throws IOException {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            State state = latest(record);
            if (!settled || put(record, state, state.held)) {
                return state.held;
            }
        }
        throw busy(record);
    }

    boolean compareAndSet(Path record, @Nullable Versioned expected, @Nullable Versioned replacement)
            throws IOException {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            State state = latest(record);
            if (!Objects.equals(version(state.held), version(expected))) {
                return false;
            }
            if (put(record, state, replacement)) {
                return true;
            }
        }
        throw busy(record);
    }

    private static @Nullable Long version(@Nullable Versioned held) {
        return held == null ? null : held.version();
    }

    private State latest(Path record) throws IOException {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            long number = latestNumber(record);
            if (number == 0) {
                return State.NONE;
            }
            @Nullable State state = state(record, number);
            if (state != null) {
                return state;
            }
        }
        throw busy(record);
    }

    private static long latestNumber(Path record) throws IOException {
        return Disk.names(record).stream().mapToLong(Names::number).max().orElse(0);
    }

    private static @Nullable State state(Path record, long number) throws IOException {
        try {
            return State.parse(number, Files.readAllBytes(record.resolve(Names.of(number))));
        } catch (NoSuchFileException e) {
            return null; // a later one is there, and it was deleted
        }
    }

    /** Makes the state after one; false if somebody else has. */
    private boolean put(Path record, State before, @Nullable Versioned held) throws IOException {
        disk.createFolder(record);
        State next = new State(before.number + 1, Change.random(), before.change, held);
        if (!disk.create(record.resolve(Names.of(next.number)), next.toBytes()) || !counts(record, next)) {
            return false;
        }
        for (String name : Disk.names(record)) {
            if (Names.number(name) <= next.number - KEPT) {
                disk.delete(record.resolve(name));
            }
        }
        return true;
    }

    /** Whether a state that was made is one of the record's: its number may have been free because others were there, and are deleted. */
    private static boolean counts(Path record, State made) throws IOException {
        if (latestNumber(record) == made.number) {
            return true;
        }
        @Nullable State next = state(record, made.number + 1);
        if (next == null) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE,
                    "it is not known whether a record was changed, so long did it take: " + record);
        }
        return next.after == made.change;
    }

    private static StoreException busy(Path record) {
        return new StoreException(
                StoreException.Kind.UNAVAILABLE,
                "others were faster " + MAX_ATTEMPTS + " times at " + record + "; try again later");
    }
}
