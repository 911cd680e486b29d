package dev.watersmeet.crdt;

import dev.watersmeet.crdt.Event.Effect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The reference that cells are compared with: the record as a function of the events that were seen, computed naively and with everything kept for ever. Sets are sets of tags, counters are
 * sums of increments, a document is alive if there is an edit that no deletion had seen.
 */
final class Textbook {
    static final String ROOT = "";

    private final List<Event> seen;

    Textbook(Collection<Event> seen) {
        this.seen = List.copyOf(seen);
    }

    Optional<Value> record() {
        return alive() ? Optional.of(hidden()) : Optional.empty();
    }

    boolean alive() {
        return seen.stream().anyMatch(event -> event.isEdit() && !deleted(event));
    }

    private boolean deleted(Event edit) {
        return seen.stream().anyMatch(event -> event.effects().stream()
                .anyMatch(effect -> effect instanceof Effect.Delete deletion
                        && (event.context().contains(edit.number())
                                || (deletion.byLatestWriter() && event.stamp().isAfter(edit.stamp())))));
    }

    private Value hidden() {
        Map<String, Value> registers = registers();
        Map<Value, Stamp> elements = elements();
        List<Double> increments = increments();
        Map<Value, Stamp> held = held();
        Map<List<String>, Value> leaves = leaves();
        Value root = registers.remove(ROOT);
        boolean on = on();
        boolean empty = registers.isEmpty() && elements.isEmpty() && held.isEmpty() && leaves.isEmpty() && !on;
        if (root != null && empty && increments.isEmpty()) {
            return root;
        }
        registers.put(History.SET, Value.of(inOrder(elements)));
        if (held.size() == 1) {
            registers.put(History.MULTI, held.keySet().iterator().next());
        } else if (!held.isEmpty()) {
            registers.put(History.MULTI, Value.record(Map.of("$conflict", inOrder(held))));
        }
        registers.put(History.MAP, Leaves.nest(leaves));
        registers.put(History.FLAG, Value.of(on));
        registers.put(
                History.COUNTER,
                Value.of(increments.stream().mapToDouble(Double::doubleValue).sum()));
        return Value.of(registers);
    }

    private static List<Value> inOrder(Map<Value, Stamp> oldest) {
        List<Value> values = new ArrayList<>(oldest.keySet());
        values.sort(Comparator.<Value, Stamp>comparing(oldest::get).thenComparing(Comparator.naturalOrder()));
        return values;
    }

    private Map<String, Value> registers() {
        Latest<String> latest = new Latest<>();
        each((event, effect) -> {
            if (effect instanceof Effect.Assign assign) {
                latest.assign(assign.field(), event.stamp(), assign.value());
            }
        });
        return new TreeMap<>(latest.present());
    }

    private Map<List<String>, Value> leaves() {
        Latest<List<String>> latest = new Latest<>();
        each((event, effect) -> {
            if (effect instanceof Effect.AssignLeaf assign) {
                latest.assign(assign.way(), event.stamp(), assign.value());
            }
        });
        return latest.present();
    }

    /** The latest assignment at each of some places. */
    private static final class Latest<K> {
        private final Map<K, Stamp> stamps = new HashMap<>();
        private final Map<K, Value> values = new HashMap<>();

        void assign(K place, Stamp stamp, @Nullable Value value) {
            Stamp before = stamps.get(place);
            if (before != null && !stamp.isAfter(before)) {
                return;
            }
            stamps.put(place, stamp);
            if (value == null) {
                values.remove(place);
            } else {
                values.put(place, value);
            }
        }

        Map<K, Value> present() {
            return values;
        }
    }

    /** The values of the multi-value register that nobody took away who had seen them, each with its oldest tag. */
    private Map<Value, Stamp> held() {
        Map<Value, Stamp> oldest = new HashMap<>();
        each((event, effect) -> {
            if (effect instanceof Effect.Hold hold
                    && !undone(event, new Effect.Retract(hold.value())::equals)
                    && !assignedAnew(event, hold)) {
                oldest.merge(hold.value(), event.stamp(), (a, b) -> a.isAfter(b) ? b : a);
            }
        });
        return oldest;
    }

    private boolean assignedAnew(Event event, Effect.Hold hold) {
        return seen.stream()
                .anyMatch(later -> later.writer().equals(event.writer())
                        && later.context().contains(event.number())
                        && later.effects().contains(hold));
    }

    /** The elements with a tag that nobody removed who had seen it, each with its oldest tag. */
    private Map<Value, Stamp> elements() {
        Map<Value, Stamp> oldest = new HashMap<>();
        each((event, effect) -> {
            if (effect instanceof Effect.Add add && !undone(event, other -> removes(other, add.element()))) {
                oldest.merge(add.element(), event.stamp(), (a, b) -> a.isAfter(b) ? b : a);
            }
        });
        return oldest;
    }

    /** Whether the flag has a tag that nobody removed who had seen it. */
    private boolean on() {
        return seen.stream()
                .anyMatch(event -> event.effects().stream().anyMatch(Effect.SwitchOn.class::isInstance)
                        && !undone(event, Effect.SwitchOff.class::isInstance));
    }

    private static boolean removes(Effect effect, Value element) {
        return effect instanceof Effect.Remove remove && remove.element().equals(element);
    }

    private List<Double> increments() {
        List<Double> increments = new ArrayList<>();
        each((event, effect) -> {
            if (effect instanceof Effect.Increment increment && !undone(event, Effect.Reset.class::isInstance)) {
                increments.add(increment.by());
            }
        });
        return increments;
    }

    /** Whether an event that had seen the given one has such an effect. */
    private boolean undone(Event event, Predicate<Effect> undoes) {
        return seen.stream()
                .anyMatch(later -> later.context().contains(event.number())
                        && later.effects().stream().anyMatch(undoes));
    }

    private void each(BiConsumer<Event, Effect> action) {
        seen.forEach(event -> event.effects().forEach(effect -> action.accept(event, effect)));
    }
}
