package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.COLLECTION;
import static dev.watersmeet.sync.ServerUnderTest.NOW;
import static dev.watersmeet.sync.ServerUnderTest.SCHEMA;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Random histories of documents that change hands and of people who change teams, on two nodes of which each may come in the middle of what the other does. */
class DocumentAccessPropertyTest {
    private static final List<String> TEAMS = List.of("red", "blue", "green");
    private static final List<Principal> PEOPLE =
            List.of(new Principal("ada"), new Principal("bob"), new Principal("cid"));
    private static final int DOCUMENTS = 3;

    @Property(tries = 400)
    void whoReadsOnHoldsInTheEndWhatTheyMayReadAndIsNeverToldOfAnythingElse(
            @ForAll @Size(max = 60) List<@IntRange(max = 99_999) Integer> steps) {
        new World(steps).run();
    }

    private static final class World {
        private final AtomicLong millis = new AtomicLong(NOW);
        private final TeamPolicy policy = new TeamPolicy();
        private final Store store = MemoryStore.empty(millis::get, Limits.ROOMY);
        private final Deque<Integer> rest = new ArrayDeque<>();
        private final List<SyncEngine> nodes = new ArrayList<>();
        private final List<Follower> followers = new ArrayList<>();
        private int depth;
        private int pushes;

        World(List<Integer> steps) {
            rest.addAll(steps);
            for (int i = 0; i < PEOPLE.size(); i++) {
                policy.with(PEOPLE.get(i), TEAMS.get(i));
                followers.add(new Follower(PEOPLE.get(i), policy));
            }
            nodes.add(node("one"));
            nodes.add(node("two"));
        }

        void run() {
            while (!rest.isEmpty()) {
                step(new Random(rest.remove()), 0);
            }

            for (int round = 0; round < 3; round++) { // marks that are mended on the way come with the next round
                followers.forEach(follower -> {
                    while (follower.read(nodes.get(0))) {
                        // to the end
                    }
                });
            }
            followers.forEach(follower ->
                    assertThat(follower.held).as(follower.principal.name()).isEqualTo(readable(follower.principal)));
        }

        private SyncEngine node(String name) {
            return SyncEngine.on(interrupted(nodes.size()))
                    .access(Access.writeEverywhere().withDocuments(policy))
                    .collection(COLLECTION, SCHEMA)
                    .node(name)
                    .time(millis::get)
                    .random(new Random(name.hashCode()))
                    .open();
        }

        /** A store before whose writes the other node may do something. */
        private Store interrupted(int node) {
            return (Store) Proxy.newProxyInstance(
                    Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("join") && depth == 0 && !rest.isEmpty() && rest.peek() % 3 != 0) {
                            depth++;
                            step(new Random(rest.remove()), 1 - node);
                            depth--;
                        }
                        try {
                            return method.invoke(store, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        /** @param only the node that does it, if it is done in the middle of what the other does */
        private void step(Random chance, int only) {
            SyncEngine engine = nodes.get(depth > 0 ? only : chance.nextInt(nodes.size()));
            millis.addAndGet(chance.nextInt(5));
            String id = "t" + chance.nextInt(DOCUMENTS);
            switch (chance.nextInt(12)) {
                case 0, 1, 2 -> put(engine, id, chance);
                case 3 -> engine.space(SPACE.name()).collection(COLLECTION).delete(id);
                case 4, 5, 6 -> push(engine, id, chance);
                case 7 -> {
                    if (depth == 0) {
                        policy.with(pick(PEOPLE, chance), pick(TEAMS, chance), "other");
                    }
                }
                case 8 -> {
                    if (depth == 0 && chance.nextInt(3) == 0) {
                        policy.version += "+";
                        policy.prefix = chance.nextBoolean() ? "team " : "group ";
                    }
                }
                case 9 -> store.maintenance().purge(SPACE, Instant.ofEpochMilli(millis.get() - chance.nextInt(10)));
                default -> pick(followers, chance).read(engine);
            }
        }

        private static <T> T pick(List<T> choices, Random chance) {
            return choices.get(chance.nextInt(choices.size()));
        }

        private static void put(SyncEngine engine, String id, Random chance) {
            engine.space(SPACE.name()).collection(COLLECTION).edit(id, record -> change(record, chance));
        }

        private static void change(Map<String, ? super Object> record, Random chance) {
            record.put(chance.nextBoolean() ? "team" : "title", pick(TEAMS, chance));
            record.putIfAbsent("team", pick(TEAMS, chance));
        }

        /** Somebody who has read a document pushes an edit of it, under a clock that is behind or ahead. */
        private void push(SyncEngine engine, String id, Random chance) {
            Follower follower = pick(followers, chance);
            DocumentId document = DocumentId.of(COLLECTION, id);
            DocumentState known = follower.held.getOrDefault(document, DocumentState.empty());
            ReplicaId replica = new ReplicaId(1000L + ++pushes);
            HybridLogicalClock clock = HybridLogicalClock.of(() -> millis.get() + chance.nextInt(20) - 10, replica);
            Stamp stamp = clock.tick();
            Map<String, Object> record = new LinkedHashMap<>();
            Records.read(known, SCHEMA).ifPresent(value -> record.putAll(value.fields()));
            change(record, chance);
            DocumentState edit = chance.nextInt(5) == 0
                    ? Records.delete(known, SCHEMA, stamp)
                    : Records.put(known, SCHEMA, stamp, Value.record(record));
            Push push = new Push(
                    1,
                    stamp.toString(),
                    null,
                    List.of(new PushedDocument.Readable(new DocumentCells(document, edit), false)));
            follower.pushed.add(document);
            try {
                engine.sync(
                        follower.principal,
                        SPACE,
                        new SyncRequest(replica, store.head(SPACE).text(), false, push));
            } catch (ProblemException e) {
                assertThat(e.problem().code().text()).isIn("purged", "resync", "store-unavailable");
            }
        }

        private Map<DocumentId, DocumentState> readable(Principal principal) {
            Map<DocumentId, DocumentState> readable = new TreeMap<>();
            Scan all = store.scan(SPACE, null, 1_000_000);
            for (DocumentCells document : all.documents()) {
                Set<String> readers =
                        new TreeSet<>(policy.readers(document.id(), Records.undeleted(document.cells(), SCHEMA)));
                readers.retainAll(policy.audiences(principal));
                if (!readers.isEmpty()) {
                    readable.put(document.id(), AccessMarks.without(document).cells());
                }
            }
            return readable;
        }
    }
}
