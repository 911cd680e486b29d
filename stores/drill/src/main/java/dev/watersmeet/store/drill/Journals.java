package dev.watersmeet.store.drill;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a space as they are in its folder: a base, which describes what was kept at a time, and journals, to each of which one process appends. A newer base covers journals, which are sealed before. Not thread-safe.
 *
 * <p>A process that reads meets every change that was acknowledged before: the acknowledgement of a change comes after it is on the disk and the journal was found not to be sealed, and who seals a journal reads it to its end afterwards.
 */
final class Journals {
    private static final String JOURNAL = ".journal";
    private static final String SEAL = ".sealed";
    private static final String BASE = "base.";
    private static final int MAX_ATTEMPTS = 100;

    private final Path folder;
    private final Disk disk;
    private final Set<String> own = new HashSet<>();
    private Kept kept = new Kept();
    private long base;
    private long baseBytes;
    /** Journals that the base covers, with how far. */
    private Map<String, Long> covered = Map.of();
    /** How far journals were read. */
    private Map<String, Long> read = new HashMap<>();

    Journals(Path folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    /** What is kept, as it was read last. */
    Kept kept() {
        return kept;
    }

    /** The number of the base; 0 for none. */
    long base() {
        return base;
    }

    /** How many bytes the base has. */
    long baseBytes() {
        return baseBytes;
    }

    /** How many bytes have come since the base. */
    long newBytes() {
        return read.entrySet().stream()
                .filter(journal -> !covered.containsKey(journal.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** How many journals have come since the base. */
    long newJournals() {
        return read.keySet().stream().filter(name -> !covered.containsKey(name)).count();
    }

    /** A journal that this process begins, and reads no more: it applies what it appends. */
    OwnJournal begin() {
        String name = Names.of(Change.random());
        own.add(name);
        read.put(name, 0L);
        return new OwnJournal(name, file(name), disk);
    }

    /** This process appends to a journal no more: the rest of it is read as another's. */
    void end(String name) {
        own.remove(name);
    }

    private Path file(String journal) {
        return folder.resolve(journal + JOURNAL);
    }

    /** Whether what was appended to a journal counts. */
    boolean isOpen(String journal) {
        return Files.exists(file(journal)) && !Files.exists(folder.resolve(journal + SEAL));
    }

    /** How far a journal of this process was appended to and applied. */
    long position(String journal) {
        return read.getOrDefault(journal, 0L);
    }

    void applied(String journal, long position, List<Change> changes) {
        changes.forEach(kept::apply);
        read.put(journal, position);
    }

    /** Reads what was appended since. */
    void follow() throws IOException {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            try {
                List<String> names = Disk.names(folder);
                adoptBase(names);
                for (String name : names) {
                    String journal = stem(name, JOURNAL);
                    if (journal != null && !own.contains(journal) && !covered.containsKey(journal)) {
                        readOn(journal);
                    }
                }
                return;
            } catch (NoSuchFileException e) {
                if (!Files.exists(folder)) {
                    forget(); // the space was erased
                    return;
                }
                // A newer base covers it.
            }
        }
        throw new IOException("bases are made faster than they are read in " + folder);
    }

    private static @Nullable String stem(String name, String ending) {
        return name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : null;
    }

    /** Forgets what was read: it is read anew. */
    void forget() {
        kept = new Kept();
        base = 0;
        baseBytes = 0;
        covered = Map.of();
        read = new HashMap<>();
    }

    private void adoptBase(List<String> names) throws IOException {
        long newest = names.stream()
                .filter(name -> name.startsWith(BASE))
                .mapToLong(name -> Names.number(name.substring(BASE.length())))
                .max()
                .orElse(0);
        if (newest <= base) {
            return;
        }
        try (Base file = Base.open(baseFile(newest))) {
            Map<String, Long> covers = file.covered();
            if (!covers.entrySet().stream().allMatch(journal -> position(journal.getKey()) >= journal.getValue())) {
                Kept described = new Kept();
                file.forEach(described::apply);
                kept = described;
                read = new HashMap<>(covers);
            }
            base = newest;
            baseBytes = file.size();
            covered = covers;
            read.keySet().retainAll(stems(names));
        }
        for (String journal : own) {
            if (!covered.containsKey(journal) && position(journal) == 0 && Files.exists(file(journal))) {
                readOn(journal); // everything was read anew
            }
        }
    }

    private static Set<String> stems(List<String> names) {
        Set<String> stems = new HashSet<>();
        for (String name : names) {
            @Nullable String journal = stem(name, JOURNAL);
            if (journal != null) {
                stems.add(journal);
            }
        }
        return stems;
    }

    private Path baseFile(long number) {
        return folder.resolve(BASE + Names.of(number));
    }

    private void readOn(String journal) throws IOException {
        long position = position(journal);
        Path name = file(journal);
        try (FileChannel file = FileChannel.open(name, StandardOpenOption.READ)) {
            if (file.size() <= position) {
                return;
            }
            file.force(false); // what is seen is not lost any more
            for (byte[] bytes = Frame.read(file, name, position);
                    bytes != null;
                    bytes = Frame.read(file, name, position)) {
                position += Frame.size(bytes.length);
                applied(journal, position, Change.parse(bytes, name));
            }
        }
    }

    /** Seals all journals that there are: what is appended later does not count, and is appended to another. */
    Set<String> seal() throws IOException {
        Set<String> sealed = stems(Disk.names(folder));
        for (String journal : sealed) {
            Path seal = folder.resolve(journal + SEAL);
            if (!Files.exists(seal)) {
                disk.create(seal, new byte[0]);
            }
        }
        return sealed;
    }

    /** A base that is to be made: with which number, of what, and how far it goes in journals that were sealed and read to their ends. */
    record Planned(long number, Kept.Description description, Map<String, Long> covers) {}

    /** Plans the next base, of what is kept now. */
    Planned plan(Set<String> sealed) {
        Map<String, Long> covers = new HashMap<>();
        sealed.forEach(journal -> covers.put(journal, position(journal)));
        return new Planned(base + 1, kept.description(), covers);
    }

    /**
     * Publishes a base; needs nothing of this, so that others need not wait.
     *
     * @param parts what describes what was kept
     * @return false if somebody else has made one meanwhile
     */
    boolean publish(Planned planned, Supplier<List<byte[]>> parts) throws IOException {
        return disk.create(baseFile(planned.number), file -> Base.write(file, planned.covers, parts));
    }

    /** Takes a base that was published, and answers what nobody needs any more: what the base before has covered, and those before that. */
    List<Path> replaced(Planned published) throws IOException {
        Map<String, Long> before = covered;
        follow();
        List<Path> needless = new ArrayList<>();
        for (String journal : before.keySet()) {
            needless.add(file(journal));
            needless.add(folder.resolve(journal + SEAL));
        }
        for (String name : Disk.names(folder)) {
            if (name.startsWith(BASE) && Names.number(name.substring(BASE.length())) < published.number - 1) {
                needless.add(folder.resolve(name));
            }
        }
        return needless;
    }
}
