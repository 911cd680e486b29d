package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.encoding.Encoder;
import dev.watersmeet.store.processlogs.Backend;
import dev.watersmeet.store.processlogs.RecordKey;
import dev.watersmeet.store.processlogs.Slice;
import dev.watersmeet.store.processlogs.SpaceKey;
import dev.watersmeet.store.processlogs.Versioned;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A folder that processes share. */
final class FolderBackend implements Backend {
    private static final int MAX_ATTEMPTS = 100;

    private final SpacePaths paths;
    private final Disk disk;
    private final Records records;
    private final Spaces spaces;

    FolderBackend(Path folder, Disk disk, long maxBytes) {
        this.paths = new SpacePaths(folder.resolve("spaces"));
        this.disk = disk;
        this.records = new Records(disk);
        this.spaces = new Spaces(key -> new SpaceFolder(paths.of(key), disk), maxBytes);
    }

    @Override
    public Limits limits() {
        return Limits.ROOMY;
    }

    @Override
    public @Nullable Versioned record(RecordKey key, boolean settled) {
        return Failures.translating(() -> Optional.ofNullable(records.read(paths.of(key), settled && !isErased(key))))
                .orElse(null);
    }

    @Override
    public boolean compareAndSet(RecordKey key, @Nullable Versioned expected, @Nullable Versioned replacement) {
        return Failures.translating(() -> {
            for (SpaceFolder life : spaces.loaded(key.space())) {
                life.sync();
            }
            try {
                return isErased(key) ? expected == null : records.compareAndSet(paths.of(key), expected, replacement);
            } catch (NoSuchFileException e) {
                if (isErased(key)) {
                    return expected == null; // in this moment
                }
                throw e;
            }
        });
    }

    private boolean isErased(RecordKey key) {
        return key.life() != 0 && paths.isErased(new SpaceKey(key.space(), key.life()));
    }

    @Override
    public void enlist(SpaceKey space) {
        Failures.translating(() -> {
            disk.createFolder(paths.of(space.space()));
            disk.create(paths.name(space.space()), space.space().name().getBytes(StandardCharsets.UTF_8));
            if (!paths.isErased(space)) {
                disk.createFolder(paths.of(space));
            }
        });
    }

    @Override
    public List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
        return Failures.translating(() -> {
            List<SpaceId> found = new ArrayList<>();
            for (String name : Disk.names(paths.root())) {
                Path folder = paths.root().resolve(name);
                if (SpacePaths.hasLife(folder)) {
                    found.add(SpacePaths.space(folder));
                }
            }
            return found.stream()
                    .sorted()
                    .filter(space -> after == null || space.compareTo(after) > 0)
                    .limit(limit)
                    .toList();
        });
    }

    @Override
    public void erase(SpaceKey space) {
        Failures.translating(() -> {
            disk.createFolder(paths.of(space.space()));
            disk.create(paths.erased(space), new byte[0]);
            spaces.erased(space);
            deleteLife(space);
        });
    }

    /** Deletes a life's folder, also if somebody who does not know yet makes files there. */
    private void deleteLife(SpaceKey space) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                disk.deleteTree(paths.of(space));
                return;
            } catch (DirectoryNotEmptyException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void append(SpaceKey space, long log, long first, List<byte[]> entries) {
        spaces.requireRoom(
                space, entries.stream().mapToLong(entry -> entry.length).sum());
        use(space, life -> {
            if (Files.isDirectory(life.folder())) {
                life.logs().append(log, first, entries);
            }
            return life;
        });
    }

    @Override
    public void annul(SpaceKey space, long log, long sequence) {
        use(space, life -> {
            if (Files.isDirectory(life.folder())) {
                life.sync();
                life.logs().annul(log, sequence);
            }
            return life;
        });
    }

    @Override
    public List<byte[]> entries(SpaceKey space, long log, long after, int limit) {
        return use(space, life -> life.logs().entries(log, after, limit));
    }

    @Override
    public Map<Long, Long> tips(SpaceKey space, long generation) {
        return read(space, kept -> kept.tips(generation));
    }

    @Override
    public void raiseTip(SpaceKey space, long generation, long log, long sequence) {
        write(space, new Change.Raised(generation, log, sequence));
    }

    @Override
    public void join(SpaceKey space, long generation, Collection<DocumentCells> documents) {
        join(
                space,
                generation,
                documents,
                ByteBuffer.wrap(Encoder.part().documents(documents).toBytes()));
    }

    @Override
    public void join(SpaceKey space, long generation, Collection<DocumentCells> documents, ByteBuffer stored) {
        use(space, life -> {
            life.writeAhead(new Change.Joined(generation, List.copyOf(documents)), Change.joined(generation, stored));
            return life;
        });
        spaces.compactIfLong(space);
    }

    @Override
    public void drop(SpaceKey space, long generation, Collection<DocumentId> documents) {
        write(space, new Change.Dropped(generation, List.copyOf(documents)));
    }

    @Override
    public Map<DocumentId, DocumentState> read(SpaceKey space, Collection<DocumentId> documents) {
        return read(space, kept -> kept.read(documents));
    }

    @Override
    public Slice scan(SpaceKey space, @Nullable String from, int limit) {
        return read(space, kept -> kept.scan(from, limit));
    }

    @Override
    public long count(SpaceKey space) {
        return read(space, kept -> (long) kept.count());
    }

    @Override
    public void putPage(SpaceKey space, long generation, long attempt, int index, byte[] page) {
        use(space, life -> {
            if (Files.isDirectory(life.folder())) {
                life.sync();
                Path file = paths.page(space, generation, attempt, index);
                disk.createFolder(Disk.parent(file));
                disk.create(file, page);
            }
            return life;
        });
    }

    @Override
    public byte @Nullable [] page(SpaceKey space, long generation, long attempt, int index) {
        return Failures.translating(() -> {
                    try {
                        return Optional.of(Files.readAllBytes(paths.page(space, generation, attempt, index)));
                    } catch (NoSuchFileException e) {
                        return Optional.<byte[]>empty();
                    }
                })
                .orElse(null);
    }

    @Override
    public void trim(SpaceKey space, long generation, Collection<Long> logs) {
        use(space, life -> {
            life.sync();
            for (long log : logs) {
                life.logs().delete(log);
            }
            life.write(new Change.Trimmed(generation));
            disk.deleteTree(paths.pages(space, generation));
            return life;
        });
    }

    private void write(SpaceKey space, Change change) {
        use(space, life -> {
            life.write(change);
            return life;
        });
        spaces.compactIfLong(space);
    }

    private <T> T read(SpaceKey space, Function<Kept, T> reader) {
        return use(space, life -> life.read(reader));
    }

    /** Something done with the folder of a space. */
    @FunctionalInterface
    private interface Use<T> {
        T with(SpaceFolder life) throws IOException;
    }

    private <T> T use(SpaceKey space, Use<T> use) {
        return Failures.translating(() -> {
            try {
                return use.with(spaces.get(space));
            } catch (IOException e) {
                if (!paths.isErased(space)) {
                    throw e;
                }
                return use.with(new SpaceFolder(paths.erased(space), disk)); // erased in this moment: nothing is there
            } finally {
                spaces.used(space);
            }
        });
    }

    /** Deletes what processes that have died have left, beside everything else. */
    void deleteLeftovers() {
        spaces.later("what others left cannot be deleted in " + paths.root(), wanted -> {
            if (Files.isDirectory(paths.root())) {
                new Leftovers(paths.root(), disk, wanted).delete();
            }
        });
    }

    /** What is in memory; for tests. */
    Spaces spaces() {
        return spaces;
    }

    /** Makes bases of what is kept of a space; for tests. */
    boolean compact(SpaceKey space) {
        return use(space, SpaceFolder::compact);
    }

    @Override
    public void close() {
        spaces.close();
    }
}
