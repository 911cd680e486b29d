package dev.watersmeet.store.drill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The logs of a space: a file for each, to which one process appends groups of entries, and an empty file for each entry that was annulled. Thread-safe. */
final class Logs {
    private static final String LOG = ".log";
    private static final String ANNULLED = ".annulled.";
    private static final long MAX_PAGE_BYTES = 4 << 20;
    /** What it takes to know where an entry is, about. */
    private static final long PLACE_BYTES = 32;

    private static final int GROUP_HEAD = Long.BYTES + Integer.BYTES;

    private final Path folder;
    private final Disk disk;
    private final Map<Long, Index> indexes = new HashMap<>();

    /** Where the entries of a log are in its file. Guarded by itself, but for how many there are. */
    private static final class Index {
        final List<Place> places = new ArrayList<>();
        long end;
        volatile int size;
    }

    /** Where an entry is. */
    private record Place(long position, int length) {}

    Logs(Path folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    private Path file(long log) {
        return folder.resolve(Names.of(log) + LOG);
    }

    private synchronized Index index(long log) {
        return indexes.computeIfAbsent(log, id -> new Index());
    }

    /** About how many bytes of memory it takes to know where entries are. */
    synchronized long bytes() {
        return indexes.values().stream()
                .mapToLong(index -> index.size * PLACE_BYTES)
                .sum();
    }

    void append(long log, long first, List<byte[]> entries) throws IOException {
        Index index = index(log);
        synchronized (index) {
            if (index.places.size() < first - 1) {
                readOn(index, log); // this process has forgotten what it knew of the space
            }
            if (index.places.size() != first - 1) {
                throw new IOException("log " + Names.of(log) + " has " + index.places.size()
                        + " entries, and none is written at " + first);
            }
            disk.createFolder(folder);
            for (int from = 0, to; from < entries.size(); from = to) {
                to = Frame.fill(entries, from, entry -> entry.length);
                append(index, log, first + from, entries.subList(from, to));
            }
        }
    }

    private void append(Index index, long log, long first, List<byte[]> entries) throws IOException {
        List<byte[]> group = new ArrayList<>(2 * entries.size() + 1);
        group.add(ByteBuffer.allocate(GROUP_HEAD)
                .putLong(first)
                .putInt(entries.size())
                .array());
        for (byte[] entry : entries) {
            group.add(ByteBuffer.allocate(Integer.BYTES).putInt(entry.length).array());
            group.add(entry);
        }
        ByteBuffer frame = Frame.of(group, index.end);
        disk.append(file(log), index.end, frame.duplicate());
        note(index, Frame.content(frame));
    }

    /** Takes down where the entries of a group are, which begins at the index's end. */
    private static void note(Index index, ByteBuffer group) {
        ByteBuffer in = group.slice();
        in.getLong(); // the first one's sequence
        for (int rest = in.getInt(); rest > 0; rest--) {
            int length = in.getInt();
            index.places.add(new Place(Frame.content(index.end) + in.position(), length));
            in.position(in.position() + length);
        }
        index.size = index.places.size();
        index.end += Frame.size(in.limit());
    }

    List<byte[]> entries(long log, long after, int limit) throws IOException {
        Index index = index(log);
        List<byte[]> found = new ArrayList<>();
        synchronized (index) {
            try (FileChannel file = FileChannel.open(file(log), StandardOpenOption.READ)) {
                if (after + limit > index.places.size()) {
                    readOn(index, file, file(log));
                }
                Set<Long> annulled = annulled(log);
                long bytes = 0;
                for (long i = after; i < index.places.size() && found.size() < limit && bytes < MAX_PAGE_BYTES; i++) {
                    byte[] entry = annulled.contains(i + 1) ? new byte[0] : read(file, index.places.get((int) i));
                    bytes += entry.length;
                    found.add(entry);
                }
            } catch (NoSuchFileException e) {
                return List.of();
            }
        }
        return found;
    }

    private void readOn(Index index, long log) throws IOException {
        try (FileChannel file = FileChannel.open(file(log), StandardOpenOption.READ)) {
            readOn(index, file, file(log));
        } catch (NoSuchFileException e) {
            return; // it has no entries
        }
    }

    private static void readOn(Index index, FileChannel file, Path name) throws IOException {
        if (file.size() <= index.end) {
            return;
        }
        file.force(false); // what is seen is not lost any more
        for (byte[] group = Frame.read(file, name, index.end);
                group != null;
                group = Frame.read(file, name, index.end)) {
            note(index, ByteBuffer.wrap(group));
        }
    }

    private static byte[] read(FileChannel file, Place place) throws IOException {
        byte[] entry = new byte[place.length];
        if (!Frame.readFully(file, ByteBuffer.wrap(entry), place.position)) {
            throw new Frame.DamagedFile("a log has become shorter");
        }
        return entry;
    }

    private Set<Long> annulled(long log) throws IOException {
        Set<Long> annulled = new HashSet<>();
        String prefix = Names.of(log) + ANNULLED;
        for (String name : Disk.names(folder)) {
            if (name.startsWith(prefix)) {
                annulled.add(Names.number(name.substring(prefix.length())));
            }
        }
        return annulled;
    }

    void annul(long log, long sequence) throws IOException {
        disk.createFolder(folder);
        disk.create(folder.resolve(Names.of(log) + ANNULLED + Names.of(sequence)), new byte[0]);
    }

    void delete(long log) throws IOException {
        synchronized (this) {
            indexes.remove(log);
        }
        String prefix = Names.of(log) + ".";
        for (String name : Disk.names(folder)) {
            if (name.startsWith(prefix)) {
                disk.delete(folder.resolve(name));
            }
        }
    }
}
