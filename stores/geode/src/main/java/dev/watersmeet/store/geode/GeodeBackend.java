package dev.watersmeet.store.geode;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.processlogs.Backend;
import dev.watersmeet.store.processlogs.ChangeListener;
import dev.watersmeet.store.processlogs.RecordKey;
import dev.watersmeet.store.processlogs.Slice;
import dev.watersmeet.store.processlogs.SpaceKey;
import dev.watersmeet.store.processlogs.Versioned;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.geode.cache.Region;
import org.jspecify.annotations.Nullable;

/** What a store needs of Geode. Records are changed by compare-and-set, the entries of logs are put, and all else is joined, where it is. */
final class GeodeBackend implements Backend {
    private static final Limits LIMITS = new Limits(Limits.LARGEST_CELL_BYTES, 4 << 20, 4 << 20, 20_000, 1 << 20);
    /** Behind every name of a space. */
    private static final String BEHIND_SPACES = "\u007f";

    private final Regions regions;
    private final Preparation preparation;
    private final Runnable closing;
    private final Joins joins;
    private final KeyRanges ranges;
    private final Entries entries;
    private final Cells cells;
    private @Nullable Notices notices;

    /**
     * The backend on regions that were prepared.
     *
     * @param millis the clock
     * @param closing what is done at the end
     */
    GeodeBackend(Regions regions, Preparation preparation, LongSupplier millis, Runnable closing) {
        this.regions = regions;
        this.preparation = preparation;
        this.closing = closing;
        joins = new Joins(preparation.deployed());
        ranges = new KeyRanges(regions.pool());
        entries = new Entries(regions.entry(), joins);
        cells = new Cells(regions, ranges, joins, millis);
    }

    @Override
    public Limits limits() {
        return LIMITS;
    }

    @Override
    public void listen(ChangeListener listener) {
        notices = Notices.start(regions, listener, preparation::serverJoined);
    }

    private Region<String, byte[]> region(RecordKey key) {
        return key.kind() == RecordKey.Kind.CONTROL ? regions.control() : regions.record();
    }

    private static String name(RecordKey key) {
        return key.kind() == RecordKey.Kind.CONTROL ? Keys.control(key.space()) : Keys.record(key);
    }

    @Override
    public @Nullable Versioned record(RecordKey key, boolean settled) {
        return settled ? Records.readSettled(region(key), name(key)) : Records.read(region(key), name(key));
    }

    @Override
    public boolean compareAndSet(RecordKey key, @Nullable Versioned expected, @Nullable Versioned replacement) {
        return Records.compareAndSet(region(key), name(key), expected, replacement);
    }

    @Override
    public void enlist(SpaceKey space) {
        // A space is known by its control record, and what belongs to a life by its keys.
    }

    @Override
    public List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
        return ranges.between(regions.control(), after == null ? "" : after.name(), BEHIND_SPACES, limit).stream()
                .map(SpaceId::of)
                .toList();
    }

    @Override
    public void erase(SpaceKey space) {
        ranges.forEach(
                regions.record(),
                Keys.logs(space),
                keys -> keys.forEach(key -> entries.delete(space, Keys.notedLog(space, key))));
        ranges.removeAll(regions.tip(), Keys.space(space));
        ranges.removeAll(regions.cell(), Keys.space(space));
        ranges.removeAll(regions.record(), Keys.space(space));
    }

    @Override
    public void append(SpaceKey space, long log, long first, List<byte[]> bodies) {
        if (first == 1) {
            put(regions.record(), Keys.noted(space, log), new byte[0]);
        }
        entries.append(space, log, first, bodies);
    }

    private static void put(Region<String, byte[]> region, String key, byte[] value) {
        Failures.repeating(() -> region.put(key, value));
    }

    @Override
    public void annul(SpaceKey space, long log, long sequence) {
        entries.annul(space, log, sequence);
    }

    @Override
    public List<byte[]> entries(SpaceKey space, long log, long after, int limit) {
        return entries.read(space, log, after, limit);
    }

    @Override
    public Map<Long, Long> tips(SpaceKey space, long generation) {
        String key = Keys.tips(space, generation);
        byte @Nullable [] stored = Failures.repeating(() -> regions.tip().get(key));
        return stored == null ? Map.of() : Numbers.parse(stored);
    }

    @Override
    public void raiseTip(SpaceKey space, long generation, long log, long sequence) {
        joins.join(regions.tip(), Map.of(Keys.tips(space, generation), Numbers.change(log, sequence)));
    }

    @Override
    public void join(SpaceKey space, long generation, Collection<DocumentCells> documents) {
        cells.join(space, generation, documents);
    }

    @Override
    public void drop(SpaceKey space, long generation, Collection<DocumentId> documents) {
        cells.drop(space, generation, documents);
    }

    @Override
    public Map<DocumentId, DocumentState> read(SpaceKey space, Collection<DocumentId> documents) {
        return cells.read(space, documents);
    }

    @Override
    public Slice scan(SpaceKey space, @Nullable String from, int limit) {
        return cells.scan(space, from, limit);
    }

    @Override
    public long count(SpaceKey space) {
        return cells.count(space);
    }

    @Override
    public void putPage(SpaceKey space, long generation, long attempt, int index, byte[] page) {
        put(regions.record(), Keys.page(space, generation, attempt, index), page);
    }

    @Override
    public byte @Nullable [] page(SpaceKey space, long generation, long attempt, int index) {
        String key = Keys.page(space, generation, attempt, index);
        return Failures.repeating(() -> regions.record().get(key));
    }

    @Override
    public void trim(SpaceKey space, long generation, Collection<Long> logs) {
        logs.forEach(log -> {
            entries.delete(space, log);
            remove(regions.record(), Keys.noted(space, log));
        });
        remove(regions.tip(), Keys.tips(space, generation));
        ranges.removeAll(regions.record(), Keys.pages(space, generation));
        cells.removeOldFences(space);
    }

    private static void remove(Region<String, byte[]> region, String key) {
        Failures.repeating(() -> {
            region.removeAll(List.of(key)); // who removes one that is not there is told so; of several, not
            return key;
        });
    }

    @Override
    public void close() {
        if (notices != null) {
            notices.close();
        }
        preparation.close();
        joins.close();
        closing.run();
    }
}
