package dev.watersmeet.store.processlogs;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The backend as one simulated process sees it: others run before and after every call, and a call may fail whose effect comes later, or never, or was there. */
final class SimulatedBackend implements Backend {
    private static final int FAILURES_IN = 60;

    private final MemoryBackend data;
    private final Strand strand;
    private final Late late;
    private final Random random;
    private final @Nullable PlantedBug bug;
    private @Nullable Versioned controlBefore;
    private boolean justAppended;
    private boolean completing;

    SimulatedBackend(MemoryBackend data, Strand strand, Late late, Random random, @Nullable PlantedBug bug) {
        this.data = data;
        this.strand = strand;
        this.late = late;
        this.random = random;
        this.bug = bug;
    }

    private boolean has(PlantedBug planted) {
        return bug == planted;
    }

    private void others() {
        if (!strand.isDone()) {
            strand.yieldNow();
        }
    }

    /** A write: it may be that a process dies before or after it, or that its outcome is not known. */
    private void write(Runnable effect) {
        late.arm(effect, strand, null);
        others();
        late.disarm(effect);
        if (random.nextInt(FAILURES_IN) == 0 && late.faulty()) {
            switch (random.nextInt(3)) {
                case 0 -> late.send(effect, null);
                case 1 -> effect.run();
                default -> {
                    // never
                }
            }
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "simulated");
        }
        effect.run();
        others();
    }

    @Override
    public Limits limits() {
        return data.limits();
    }

    @Override
    public @Nullable Versioned record(RecordKey key, boolean settled) {
        others();
        if (settled) {
            late.settle(key);
        }
        boolean control = key.kind() == RecordKey.Kind.CONTROL;
        if (control && justAppended && has(PlantedBug.THE_GENERATION_IS_NOT_LOOKED_AT_AGAIN)) {
            justAppended = false;
            return controlBefore;
        }
        if (control && completing && has(PlantedBug.A_PAUSED_CLOSER_COMPLETES_VOID_ENTRIES)) {
            completing = false;
            return controlBefore;
        }
        Versioned read = data.record(key, settled);
        if (control) {
            controlBefore = read;
        }
        return read;
    }

    @Override
    public boolean compareAndSet(RecordKey key, @Nullable Versioned expected, @Nullable Versioned replacement) {
        boolean[] outcome = new boolean[1];
        Runnable effect = () -> {
            late.settle(key);
            boolean blind = key.kind() == RecordKey.Kind.MARK && has(PlantedBug.MARKS_ARE_WRITTEN_BLINDLY);
            outcome[0] = data.compareAndSet(key, blind ? data.record(key, true) : expected, replacement);
        };
        if (isBump(key, expected, replacement) && has(PlantedBug.VOID_IS_NOT_DECIDED)) {
            return true;
        }
        late.arm(effect, strand, key);
        others();
        late.disarm(effect);
        if (registers(key, expected, replacement) && has(PlantedBug.LOGS_ARE_REGISTERED_LATER)) {
            late.send(effect, key);
            return true;
        }
        if (random.nextInt(FAILURES_IN) == 0 && late.faulty()) {
            if (random.nextBoolean()) {
                effect.run();
            } else {
                late.send(effect, key);
            }
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "simulated");
        }
        effect.run();
        if (outcome[0] && key.kind() == RecordKey.Kind.CONTROL) {
            controlBefore = replacement;
        }
        others();
        return outcome[0];
    }

    private static boolean isBump(RecordKey key, @Nullable Versioned expected, @Nullable Versioned replacement) {
        if (key.kind() != RecordKey.Kind.MARK || replacement == null) {
            return false;
        }
        return MarkRecord.parse(expected).equals(MarkRecord.parse(replacement));
    }

    private static boolean registers(RecordKey key, @Nullable Versioned expected, @Nullable Versioned replacement) {
        if (key.kind() != RecordKey.Kind.CONTROL || expected == null || replacement == null) {
            return false;
        }
        Control before = Control.parse(expected.bytes());
        Control after = Control.parse(replacement.bytes());
        return before.generation() == after.generation()
                && after.logs().size() > before.logs().size();
    }

    @Override
    public void enlist(SpaceKey space) {
        write(() -> data.enlist(space));
    }

    @Override
    public List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
        others();
        return data.spaces(after, limit);
    }

    @Override
    public void erase(SpaceKey space) {
        write(() -> data.erase(space));
    }

    @Override
    public void append(SpaceKey space, long log, long first, List<byte[]> entries) {
        List<byte[]> appended = has(PlantedBug.NOTHING_DEPENDS_ON_ANYTHING)
                ? entries.stream().map(SimulatedBackend::independent).toList()
                : entries;
        if (has(PlantedBug.CELLS_COME_FIRST) && controlBefore != null) {
            long generation = Control.parse(controlBefore.bytes()).generation();
            entries.forEach(entry -> join(space, generation, Entry.parse(entry).documents()));
        }
        try {
            write(() -> data.append(space, log, first, appended));
        } catch (StoreException e) {
            if (!has(PlantedBug.UNKNOWN_APPENDS_ARE_TAKEN_FOR_DONE)) {
                throw e;
            }
        }
        justAppended = true;
    }

    private static byte[] independent(byte[] bytes) {
        Entry entry = Entry.parse(bytes);
        return new Entry(entry.recorded(), VersionVector.EMPTY, entry.documents(), entry.mark(), entry.base())
                .stored()
                .bytes();
    }

    @Override
    public void annul(SpaceKey space, long log, long sequence) {
        write(() -> {
            if (!has(PlantedBug.VOID_ENTRIES_STAY)) {
                data.annul(space, log, sequence);
            }
        });
    }

    @Override
    public List<byte[]> entries(SpaceKey space, long log, long after, int limit) {
        others();
        if (has(PlantedBug.LOGS_ARE_CUT_AT_THEIR_TIPS)) {
            long tip = data.lives.values().stream()
                    .flatMap(life -> life.tips.values().stream())
                    .mapToLong(tips -> tips.getOrDefault(log, 0L))
                    .max()
                    .orElse(0);
            return tip <= after ? List.of() : data.entries(space, log, after, (int) Math.min(limit, tip - after));
        }
        List<byte[]> read = data.entries(space, log, after, limit);
        if (limit > 1 && limit < Tails.CHUNK && log % 2 == 0 && has(PlantedBug.A_LOG_IS_PASSED_BY)) {
            return read.stream().map(entry -> new byte[0]).toList();
        }
        completing = limit == Tails.CHUNK && !read.isEmpty();
        return read;
    }

    /** The tips, of each log at another moment. */
    @Override
    public Map<Long, Long> tips(SpaceKey space, long generation) {
        others();
        Map<Long, Long> read = new HashMap<>();
        for (long log : new TreeSet<>(data.tips(space, generation).keySet())) {
            others();
            long tip = data.tips(space, generation).getOrDefault(log, 0L);
            read.put(log, has(PlantedBug.READERS_GO_BEYOND_TIPS) ? data.end(space, log) : tip);
        }
        return read;
    }

    @Override
    public void raiseTip(SpaceKey space, long generation, long log, long sequence) {
        write(() -> data.raiseTip(space, generation, log, sequence));
    }

    @Override
    public void join(SpaceKey space, long generation, Collection<DocumentCells> documents) {
        Collection<DocumentCells> copied = documents.stream()
                .map(delta -> new DocumentCells(delta.id(), delta.cells().copy()))
                .toList();
        if (has(PlantedBug.CELLS_COME_LATER)) {
            others();
            copied.forEach(delta -> late.send(() -> data.join(space, generation, List.of(delta)), null));
            return;
        }
        copied.forEach(delta -> write(() -> data.join(space, generation, List.of(delta))));
    }

    @Override
    public void drop(SpaceKey space, long generation, Collection<DocumentId> documents) {
        List<DocumentId> copied = List.copyOf(documents);
        copied.forEach(id -> write(() -> {
            data.drop(
                    space,
                    has(PlantedBug.THE_NEXT_GENERATION_IS_DROPPED_TOO) ? generation + 1 : generation,
                    List.of(id));
            if (has(PlantedBug.LATE_CELLS_COME_BACK)) {
                data.lives.values().forEach(life -> life.dropped.clear());
            }
        }));
    }

    @Override
    public Map<DocumentId, DocumentState> read(SpaceKey space, Collection<DocumentId> documents) {
        Map<DocumentId, DocumentState> found = new HashMap<>();
        for (DocumentId id : documents) {
            others();
            found.putAll(data.read(space, List.of(id)));
        }
        return found;
    }

    @Override
    public Slice scan(SpaceKey space, @Nullable String from, int limit) {
        others();
        return data.scan(space, from, limit);
    }

    @Override
    public long count(SpaceKey space) {
        return data.count(space);
    }

    @Override
    public void putPage(SpaceKey space, long generation, long attempt, int index, byte[] page) {
        write(() -> data.putPage(space, generation, published(attempt), index, page));
    }

    @Override
    public byte @Nullable [] page(SpaceKey space, long generation, long attempt, int index) {
        others();
        return data.page(space, generation, published(attempt), index);
    }

    private long published(long attempt) {
        return has(PlantedBug.THE_LAST_PUBLISHER_WINS) ? Math.abs(Long.signum(attempt)) : attempt;
    }

    @Override
    public void trim(SpaceKey space, long generation, Collection<Long> logs) {
        write(() -> {
            data.trim(space, generation, logs);
            if (has(PlantedBug.LOGS_GO_BEFORE_THEIR_CUT) && controlBefore != null) {
                data.trim(
                        space, generation, Control.parse(controlBefore.bytes()).logs());
            }
        });
    }

    @Override
    public void close() {
        // The data are others', too.
    }
}
