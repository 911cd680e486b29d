package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A file that describes what was kept of a space at a time: first which journals it covers, then changes that make it, and an empty part at its end. */
final class Base implements AutoCloseable {
    private static final int FORM = 1;

    private final FileChannel file;
    private final Path name;
    private final Map<String, Long> covered = new HashMap<>();
    private final long start;

    private Base(FileChannel file, Path name) throws IOException {
        this.file = file;
        this.name = name;
        byte[] head = part(0);
        try {
            Decoder in = Decoder.form(FORM, head);
            for (int rest = in.count(); rest > 0; rest--) {
                covered.put(in.text(), in.number());
            }
        } catch (MalformedException | BufferUnderflowException e) {
            throw Frame.DamagedFile.unknown(name, e);
        }
        start = Frame.size(head.length);
    }

    static Base open(Path name) throws IOException {
        FileChannel file = FileChannel.open(name, StandardOpenOption.READ);
        try {
            return new Base(file, name);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Which journals it covers, and how far they had been appended to. */
    Map<String, Long> covered() {
        return Map.copyOf(covered);
    }

    long size() throws IOException {
        return file.size();
    }

    void forEach(Consumer<Change> action) throws IOException {
        long position = start;
        for (byte[] bytes = part(position); bytes.length > 0; bytes = part(position)) {
            Change.parse(bytes, name).forEach(action);
            position += Frame.size(bytes.length);
        }
    }

    private byte[] part(long position) throws IOException {
        byte @Nullable [] bytes = Frame.read(file, name, position);
        if (bytes == null) {
            throw new Frame.DamagedFile(name + " ends before it should, at byte " + position);
        }
        return bytes;
    }

    /** Writes a base whose changes are taken in parts until there are none. */
    static void write(FileChannel file, Map<String, Long> covers, Supplier<List<byte[]>> parts) throws IOException {
        Encoder head = Encoder.form(FORM).number(covers.size());
        covers.forEach((journal, position) -> head.text(journal).number(position));
        Disk.writeFully(file, Frame.of(List.of(head.toBytes())));
        for (List<byte[]> part = parts.get(); !part.isEmpty(); part = parts.get()) {
            Disk.writeFully(file, Frame.of(Change.parts(part)));
        }
        Disk.writeFully(file, Frame.of(List.of()));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
