package dev.watersmeet.store.processlogs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One run of several processes over one backend, by a seed: which of them runs is decided before and after each call of the backend, so that any of them may pause anywhere, for any time; they die, and what they were about to write
 * comes late or never. At the end everything is read, by everyone, and compared.
 */
final class Simulation {
    static final SpaceId SPACE = SpaceId.of("space");
    private static final int PROCESSES = 3;
    private static final int STEPS = 600;
    private static final int MAX_SKEW = 60;
    static final List<DocumentId> DOCUMENTS =
            List.of(DocumentId.of("things", "left"), DocumentId.of("things", "right"));

    private final Random random;
    private final @Nullable PlantedBug bug;
    private final MemoryBackend data = new MemoryBackend(Limits.ROOMY);
    private final Late late;
    private final History history = new History();
    private final List<Server> processes = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private long millis = 1_000;
    private int now;
    /** Whether nobody edits for a while, so that there is something to purge. */
    private boolean cleaning;

    private final boolean deletesSpaces;
    private Deletion deletion = Deletion.NONE;

    /** A deletion of the space: one that failed, or whose process has died, is repeated. */
    private enum Deletion {
        NONE,
        UNDER_WAY,
        FAILED
    }

    private Simulation(long seed, @Nullable PlantedBug bug) {
        this.random = new Random(seed);
        this.bug = bug;
        if (bug == PlantedBug.LIVES_ARE_USED_AGAIN) {
            data.mixLives();
        }
        this.late = new Late(random);
        this.deletesSpaces = seed % 4 == 3; // afterwards there is less to compare
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(new Server());
        }
        for (int i = 0; i < 4; i++) {
            clients.add(new Client(
                    new ReplicaId(1 + i / 2), random, history, bug)); // two of each replica, as after a copied profile
        }
    }

    static void run(long seed, @Nullable PlantedBug bug) {
        new Simulation(seed, bug).run();
    }

    /** A process: a store, and what it is doing. */
    private final class Server {
        private Strand strand = new Strand();
        /** How far its clock is ahead, in milliseconds. */
        private int skew = random.nextInt(2 * MAX_SKEW) - MAX_SKEW;

        private ProcessLogStore store = open(strand, skew);
        private int frozenUntil;
        private boolean deleting;

        private void crash() {
            if (!strand.isDone()) {
                strand.crash();
                late.crashed(strand);
            }
            store.close();
            strand = new Strand();
            skew = random.nextInt(2 * MAX_SKEW) - MAX_SKEW;
            store = open(strand, skew);
            if (deleting) {
                deleting = false;
                deletion = Deletion.FAILED;
            }
        }
    }

    private ProcessLogStore open(Strand strand, int skew) {
        return ProcessLogStore.open(
                new SimulatedBackend(data, strand, late, random, bug),
                new ProcessLogOptions(Duration.ofHours(1), Duration.ofMillis(2 * Pauses.MILLIS)),
                () -> millis + skew,
                random,
                () -> {
                    if (!strand.isDone()) {
                        strand.yieldNow();
                    }
                });
    }

    private void run() {
        for (int step = 0; step < STEPS; step++) {
            millis++;
            now = step;
            cleaning = step % 150 > 90;
            Server process = processes.get(random.nextInt(PROCESSES));
            if (step < process.frozenUntil) {
                continue;
            }
            int chance = random.nextInt(300);
            if (chance == 0) {
                process.crash();
            } else if (chance < 6) {
                late.landOne();
            } else if (chance < 12) {
                process.frozenUntil = step + random.nextInt(150);
            } else if (chance < 14) {
                leaveAlone(process, step);
            } else if (!process.strand.isDone()) {
                process.strand.resume(random.nextInt(24));
            } else {
                begin(process);
            }
        }
        end();
    }

    private void begin(Server process) {
        Client client = clients.get(random.nextInt(clients.size()));
        if (deletesSpace()) {
            deleteSpace(process);
        } else if (random.nextInt(isAlone(process) ? 6 : 120) == 0) {
            process.strand.start(
                    () -> tolerant(() -> process.store.maintenance().renewEpoch(SPACE)));
        } else if (random.nextInt(cleaning ? 4 : 20) == 0) {
            process.strand.start(() -> tolerant(
                    () -> process.store.maintenance().purge(SPACE, Instant.ofEpochMilli(millis - random.nextInt(40)))));
        } else if (!client.busy) {
            client.busy = true;
            process.strand.start(() -> {
                try {
                    tolerant(() -> client.act(process.store, cleaning));
                } finally {
                    client.busy = false;
                }
            });
        }
    }

    /** Freezes all processes but one, wherever they are: so that it takes over what several of them have begun. */
    private void leaveAlone(Server process, int step) {
        for (Server other : processes) {
            other.frozenUntil = other == process ? step : step + 20 + random.nextInt(150);
        }
    }

    private boolean isAlone(Server process) {
        return processes.stream().allMatch(other -> other == process || other.frozenUntil > now);
    }

    private boolean deletesSpace() {
        return deletion == Deletion.FAILED || (deletesSpaces && deletion == Deletion.NONE && random.nextInt(60) == 0);
    }

    private void deleteSpace(Server process) {
        if (deletion == Deletion.NONE) {
            history.spaceDeletionBegins();
        }
        deletion = Deletion.UNDER_WAY;
        process.deleting = true;
        process.strand.start(() -> {
            boolean[] deleted = new boolean[1];
            tolerant(() -> {
                process.store.maintenance().deleteSpace(SPACE);
                deleted[0] = true;
            });
            process.deleting = false;
            deletion = deleted[0] ? Deletion.NONE : Deletion.FAILED;
            if (deleted[0]) {
                history.spaceDeletionEnds();
            }
        });
    }

    /** Does something that may fail for want of an answer, or because a purge was faster. */
    private static void tolerant(Runnable action) {
        try {
            action.run();
        } catch (StoreException e) {
            assertThat(e.kind()).isIn(StoreException.Kind.UNAVAILABLE, StoreException.Kind.CURSOR_EXPIRED);
        }
    }

    /** Everybody stops, dies or goes on; a last process completes what is left, and all that was read is compared. */
    private void end() {
        late.heal();
        for (Server process : processes) {
            process.frozenUntil = 0;
            while (!process.strand.isDone() && random.nextInt(200) > 0) {
                process.strand.resume(0);
            }
            process.crash();
        }
        late.landAll();
        ProcessLogStore last = processes.get(0).store;
        complete(last);
        late.landAll();
        Map<DocumentId, DocumentState> read = nonEmpty(last.read(SPACE, DOCUMENTS));
        Client fresh = new Client(new ReplicaId(99), random, history, bug);
        fresh.scan(last);
        assertThat(nonEmpty(fresh.held)).as("what a scan finds").isEqualTo(read);
        for (Client client : clients) {
            followAtLast(last, client);
            assertThat(nonEmpty(client.held))
                    .as("what a client holds at the end")
                    .isEqualTo(read);
        }
        for (int i = 1; i <= 2; i++) {
            last.mark(SPACE, new ReplicaId(i)).ifPresent(mark -> fresh.checkMark(last, mark));
        }
        history.checkEnd(read);
        processes.forEach(process -> process.store.close());
    }

    private void followAtLast(ProcessLogStore store, Client client) {
        for (int attempt = 0; attempt < 3; attempt++) {
            try {
                client.follow(store);
                return;
            } catch (StoreException e) {
                assertThat(e.kind()).isEqualTo(StoreException.Kind.CURSOR_EXPIRED);
            }
        }
        throw new AssertionError("a new cursor expires at once");
    }

    /** Has a purge that drops nothing complete all logs. */
    private static void complete(ProcessLogStore store) {
        store.endGeneration(SPACE);
    }

    private static Map<DocumentId, DocumentState> nonEmpty(Map<DocumentId, DocumentState> documents) {
        Map<DocumentId, DocumentState> found = new HashMap<>(documents);
        found.values().removeIf(DocumentState::isEmpty);
        return found;
    }
}
