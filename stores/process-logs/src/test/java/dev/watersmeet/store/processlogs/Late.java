package dev.watersmeet.store.processlogs;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Writes that are under way: of processes that were told nothing, or are gone. They land at any time, or never; one that is conditional is decided by the next one that looks. */
final class Late {
    private final Random random;
    private final List<Write> writes = new ArrayList<>();
    private boolean faulty = true;

    /** A write: the process that is about to make it, or null if it is on its way; and the record that it changes if that is as expected. */
    private record Write(Runnable effect, @Nullable Strand process, @Nullable RecordKey key) {}

    Late(Random random) {
        this.random = random;
    }

    boolean faulty() {
        return faulty;
    }

    /** No more faults. */
    void heal() {
        faulty = false;
    }

    /** Notes a write that a process is about to make: it may die first. */
    void arm(Runnable effect, Strand process, @Nullable RecordKey key) {
        writes.add(new Write(effect, process, key));
    }

    void disarm(Runnable effect) {
        writes.removeIf(write -> write.effect == effect);
    }

    /** Sends a write on its way. */
    void send(Runnable effect, @Nullable RecordKey key) {
        writes.add(new Write(effect, null, key));
    }

    /** A process has died: what it was about to write is on its way, or was never sent. */
    void crashed(Strand process) {
        for (Write write : List.copyOf(writes)) {
            if (write.process == process) {
                writes.remove(write);
                if (random.nextBoolean()) {
                    send(write.effect, write.key);
                }
            }
        }
    }

    /** Lets one of the writes land that are on their way. */
    void landOne() {
        List<Write> sent = sent();
        if (!sent.isEmpty()) {
            land(sent.get(random.nextInt(sent.size())));
        }
    }

    void landAll() {
        sent().forEach(this::land);
    }

    private List<Write> sent() {
        return writes.stream().filter(write -> write.process == null).toList();
    }

    private void land(Write write) {
        writes.remove(write);
        write.effect.run();
    }

    /** Decides the conditional writes of a record that are on their way: each takes effect now, or never. */
    void settle(RecordKey key) {
        for (Write write : sent()) {
            if (key.equals(write.key) && writes.remove(write) && random.nextBoolean()) {
                write.effect.run();
            }
        }
    }
}
