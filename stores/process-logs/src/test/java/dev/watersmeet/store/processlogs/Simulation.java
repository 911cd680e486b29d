package dev.watersmeet.store.processlogs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run of several processes over one backend, by a seed: which of them runs is decided before and after each call of the backend, so that any of them may pause anywhere, for any time; they die, and what they were about to write
 * comes late or never. At the end everything is read, by everyone, and compared.
 */
final class Simulation {
    private static final SpaceId SPACE = SpaceId.of("space");
    private static final int PROCESSES = 3;
    private static final int STEPS = 600;
    private static final List<DocumentId> DOCUMENTS =
            List.of(DocumentId.of("things", "left"), DocumentId.of("things", "right"));

    private final Random random;
    private final @Nullable PlantedBug bug;
    private final MemoryBackend data = new MemoryBackend(Limits.ROOMY);
    private final Late late;
    private final History history = new History();
    private final List<Server> processes = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private long millis = 1_000;
    /** Whether nobody edits for a while, so that there is something to purge. */
    private boolean cleaning;

    private Simulation(long seed, @Nullable PlantedBug bug) {
        this.random = new Random(seed);
        this.bug = bug;
        this.late = new Late(random);
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(new Server());
        }
        for (int i = 0; i < 4; i++) {
            clients.add(new Client(new ReplicaId(1 + i / 2))); // two of each replica, as after a copied profile
        }
    }

    static void run(long seed, @Nullable PlantedBug bug) {
        new Simulation(seed, bug).run();
    }

    /** A process: a store, and what it is doing. */
    private final class Server {
        private Strand strand = new Strand();
        private ProcessLogStore store = open(strand);
        private int frozenUntil;

        private void crash() {
            if (!strand.isDone()) {
                strand.crash();
                late.crashed(strand);
            }
            store.close();
            strand = new Strand();
            store = open(strand);
        }
    }

    private ProcessLogStore open(Strand strand) {
        return ProcessLogStore.open(
                new SimulatedBackend(data, strand, late, random, bug),
                new ProcessLogOptions(Duration.ofHours(1), Duration.ofMillis(2 * Pauses.MILLIS)),
                () -> millis,
                random,
                () -> {
                    if (!strand.isDone()) {
                        strand.yieldNow();
                    }
                });
    }

    /** Somebody who reads, edits and deletes, and pushes by marks. */
    private static final class Client {
        final ReplicaId replica;
        final Map<DocumentId, DocumentState> held = new HashMap<>();
        final Set<Path> covered = new HashSet<>();

        @Nullable
        Cursor cursor;

        boolean busy;

        Client(ReplicaId replica) {
            this.replica = replica;
        }
    }

    private void run() {
        for (int step = 0; step < STEPS; step++) {
            millis++;
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
        if (random.nextInt(cleaning ? 4 : 20) == 0) {
            process.strand.start(() -> tolerant(
                    () -> process.store.maintenance().purge(SPACE, Instant.ofEpochMilli(millis - random.nextInt(40)))));
        } else if (!client.busy) {
            client.busy = true;
            process.strand.start(() -> {
                try {
                    tolerant(() -> act(process.store, client));
                } finally {
                    client.busy = false;
                }
            });
        }
    }

    /** Does something that may fail for want of an answer, or because a purge was faster. */
    private static void tolerant(Runnable action) {
        try {
            action.run();
        } catch (StoreException e) {
            assertThat(e.kind()).isIn(StoreException.Kind.UNAVAILABLE, StoreException.Kind.CURSOR_EXPIRED);
        }
    }

    private void act(ProcessLogStore store, Client client) {
        switch (cleaning ? 1 + 5 * random.nextInt(2) : random.nextInt(6)) {
            case 0 -> edit(store, client);
            case 1 -> delete(store, client);
            case 2, 3 -> push(store, client);
            default -> follow(store, client);
        }
    }

    private void edit(ProcessLogStore store, Client client) {
        if (client.cursor != null) {
            History.Edit edit = history.edit(client.replica, some(), client.held, client.covered);
            join(store, client, Batch.of(edit.cells).basedOn(client.cursor), edit);
        }
    }

    private List<DocumentId> some() {
        return random.nextInt(3) == 0 ? DOCUMENTS : List.of(DOCUMENTS.get(random.nextInt(DOCUMENTS.size())));
    }

    private void join(ProcessLogStore store, Client client, Batch batch, History.Edit edit) {
        try {
            store.join(SPACE, batch);
            edit.outcome = History.Outcome.ACCEPTED;
        } catch (StoreException e) {
            if (!e.retryable()) {
                edit.outcome = History.Outcome.REFUSED;
            }
            if (e.kind() == StoreException.Kind.CURSOR_EXPIRED) {
                follow(store, client);
            } else if (e.kind() != StoreException.Kind.MARK_MOVED) {
                throw e;
            }
        }
    }

    private void delete(ProcessLogStore store, Client client) {
        DocumentId id = DOCUMENTS.get(random.nextInt(DOCUMENTS.size()));
        @Nullable DocumentState state = client.held.get(id);
        if (client.cursor != null && state != null && state.alive()) {
            store.join(SPACE, Batch.of(List.of(history.deletion(id, state))).basedOn(client.cursor));
        }
    }

    /** Pushes by the mark that there is, and now and then once more, elsewhere. */
    private void push(ProcessLogStore store, Client client) {
        Optional<Mark> held = store.mark(SPACE, client.replica);
        held.ifPresent(mark -> checkMark(store, mark));
        if (client.cursor != null) {
            History.Edit edit = history.edit(client.replica, some(), client.held, client.covered);
            long number = held.map(Mark::number).orElse(0L) + 1;
            Mark mark = new Mark(client.replica, "ada", number, edit.field.field(), "");
            Batch batch = Batch.of(edit.cells, mark).basedOn(client.cursor).following(FormerMark.of(held));
            join(store, client, batch, edit);
        }
    }

    /** Whoever has seen a mark reads its cells. */
    private void checkMark(ProcessLogStore store, Mark mark) {
        History.Edit edit = history.edit(Path.register(mark.nonce()));
        edit.outcome = History.Outcome.ACCEPTED;
        history.checkHeld(edit, store.read(SPACE, DOCUMENTS));
    }

    private void follow(ProcessLogStore store, Client client) {
        try {
            @Nullable Cursor cursor = client.cursor;
            if (cursor == null || random.nextInt(8) == 0) {
                cursor = scan(store, client);
            }
            Changes page;
            do {
                page = store.changes(SPACE, cursor, 1 + random.nextInt(6));
                page.documents().forEach(delta -> {
                    joinHeld(client, delta);
                    client.covered.addAll(History.fields(delta.cells()));
                });
                page.dropped()
                        .forEach(dropped -> client.held.computeIfPresent(
                                dropped.id(), (id, state) -> state.without(dropped.cells())));
                cursor = page.cursor();
                client.cursor = cursor;
            } while (page.more());
            history.checkCausal(client.held);
        } catch (StoreException e) {
            client.cursor = e.kind() == StoreException.Kind.CURSOR_EXPIRED ? null : client.cursor;
            throw e;
        }
    }

    private static void joinHeld(Client client, DocumentCells delta) {
        client.held.computeIfAbsent(delta.id(), id -> DocumentState.empty()).join(delta.cells());
    }

    private Cursor scan(ProcessLogStore store, Client client) {
        client.cursor = null;
        client.held.clear();
        client.covered.clear();
        client.covered.addAll(history.acknowledged());
        Cursor head = store.head(SPACE);
        @Nullable Cursor position = null;
        do {
            Scan page = store.scan(SPACE, position, 1);
            page.documents().forEach(document -> joinHeld(client, document));
            position = page.position();
        } while (position != null);
        client.cursor = head;
        return head;
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
        Client fresh = new Client(new ReplicaId(99));
        scan(last, fresh);
        assertThat(nonEmpty(fresh.held)).as("what a scan finds").isEqualTo(read);
        for (Client client : clients) {
            followAtLast(last, client);
            assertThat(nonEmpty(client.held))
                    .as("what a client holds at the end")
                    .isEqualTo(read);
        }
        for (int i = 1; i <= 2; i++) {
            last.mark(SPACE, new ReplicaId(i)).ifPresent(mark -> checkMark(last, mark));
        }
        history.checkEnd(read);
        processes.forEach(process -> process.store.close());
    }

    private void followAtLast(ProcessLogStore store, Client client) {
        for (int attempt = 0; attempt < 3; attempt++) {
            try {
                follow(store, client);
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
