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
        Value root = registers.remove(ROOT);
        if (root != null && registers.isEmpty() && elements.isEmpty() && increments.isEmpty()) {
            return root;
        }
        List<Value> set = new ArrayList<>(elements.keySet());
        set.sort(Comparator.<Value, Stamp>comparing(elements::get).thenComparing(Comparator.naturalOrder()));
        registers.put(History.SET, Value.of(set));
        registers.put(
                History.COUNTER,
                Value.of(increments.stream().mapToDouble(Double::doubleValue).sum()));
        return Value.of(registers);
    }

    private Map<String, Value> registers() {
        Map<String, Stamp> latest = new HashMap<>();
        Map<String, @Nullable Value> values = new HashMap<>();
        each((event, effect) -> {
            if (effect instanceof Effect.Assign assign) {
                Stamp before = latest.get(assign.field());
                if (before == null || event.stamp().isAfter(before)) {
                    latest.put(assign.field(), event.stamp());
                    values.put(assign.field(), assign.value());
                }
            }
        });
        values.values().removeIf(value -> value == null);
        return new TreeMap<>(values);
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
