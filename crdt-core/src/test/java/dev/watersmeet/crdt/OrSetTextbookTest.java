package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The set shows what the textbook's does, which keeps every tag for ever, as long as each writer's changes arrive in their order. */
class OrSetTextbookTest {
    private static final List<String> ELEMENTS = List.of("eggs", "milk");

    /** The textbook's observed-remove set: unique tags of elements, and the tags that were removed. */
    private record TagSet(Map<Integer, String> added, Map<Integer, String> removed) {
        static TagSet empty() {
            return new TagSet(new TreeMap<>(), new TreeMap<>());
        }

        void merge(TagSet other) {
            added.putAll(other.added);
            removed.putAll(other.removed);
        }

        Set<Integer> live(String element) {
            return added.keySet().stream()
                    .filter(tag -> !removed.containsKey(tag) && element.equals(added.get(tag)))
                    .collect(Collectors.toSet());
        }

        /** What a removal removes: every tag of the element that is known, be it only because somebody removed it before. None if the element is absent. */
        Map<Integer, String> observed(String element) {
            Map<Integer, String> observed = new TreeMap<>(added);
            observed.putAll(removed);
            observed.values().removeIf(other -> live(element).isEmpty() || !element.equals(other));
            return observed;
        }

        Set<String> elements() {
            return ELEMENTS.stream().filter(element -> !live(element).isEmpty()).collect(Collectors.toSet());
        }
    }

    /** A change, in both forms. */
    private record Change(OrSet.Delta<String> delta, TagSet tags) {}

    private static final class Replica {
        final OrSet<String> set;
        final TagSet textbook = TagSet.empty();
        final List<Change> written = new ArrayList<>();
        final int[] heard = new int[History.MAX_PEERS];

        Replica(HybridLogicalClock clock) {
            set = OrSet.of(clock);
        }

        void receive(Change change) {
            set.merge(change.delta);
            textbook.merge(change.tags);
        }
    }

    private final List<Replica> replicas = new ArrayList<>();
    private int tags;
    private long millis;

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void showsWhatTheTextbookShows(@ForAll("steps") List<Step> steps) {
        replicas.clear();
        for (int i = 0; i < History.MAX_PEERS; i++) {
            long ahead = i * 3L;
            ReplicaId id = new ReplicaId(i % 2 == 0 ? i + 1 : -i);
            replicas.add(new Replica(HybridLogicalClock.of(() -> millis / 2 + ahead, id)));
        }
        for (Step step : steps) {
            millis++;
            take(step);
            assertThat(replicas).allSatisfy(replica -> assertThat(replica.set.elements())
                    .containsExactlyInAnyOrderElementsOf(replica.textbook.elements()));
        }
    }

    private void take(Step step) {
        if (step instanceof Step.Write write) {
            write(write.peer(), write.change().choice());
        } else if (step instanceof Step.Deliver deliver) {
            deliver(replicas.get(deliver.peer()), deliver.pick());
        } else if (step instanceof Step.Merge merge) {
            mergeAll(replicas.get(merge.peer()), replicas.get(merge.other()));
        }
    }

    private void write(int peer, int choice) {
        Replica replica = replicas.get(peer);
        String element = ELEMENTS.get(choice % ELEMENTS.size());
        TagSet change = TagSet.empty();
        OrSet.Delta<String> delta;
        if (choice / ELEMENTS.size() % 3 < 2) {
            change.added.put(tags++, element);
            delta = replica.set.add(element);
        } else {
            change.removed.putAll(replica.textbook.observed(element));
            delta = replica.set.remove(element);
        }
        replica.textbook.merge(change);
        replica.written.add(new Change(delta, change));
        replica.heard[peer]++;
    }

    /** Hands over the next change of a writer, or one again that was handed over before. */
    private void deliver(Replica replica, int pick) {
        int writer = pick % History.MAX_PEERS;
        List<Change> written = replicas.get(writer).written;
        int next = pick % 3 == 0 ? replica.heard[writer] / 2 : replica.heard[writer];
        if (next < written.size()) {
            replica.receive(written.get(next));
            replica.heard[writer] = Math.max(replica.heard[writer], next + 1);
        }
    }

    private static void mergeAll(Replica replica, Replica other) {
        replica.set.merge(other.set);
        replica.textbook.merge(other.textbook);
        for (int i = 0; i < replica.heard.length; i++) {
            replica.heard[i] = Math.max(replica.heard[i], other.heard[i]);
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return History.steps();
    }
}
