package dev.watersmeet.crdt;

import dev.watersmeet.crdt.Event.Effect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One write of a history: changes a record as an application does, has {@link Records} make an edit of it, and says by itself what the edit should mean.
 *
 * <p>What it means is derived from the change that was intended and the record that stood, never from the cells that came out.
 */
final class Writer {
    private static final List<String> REGISTERS = List.of("p", "q");
    private static final List<Value> VALUES =
            List.of(Value.of(1), Value.of("1"), Value.NULL, Value.parse("[1,[2]]"), Value.parse("{\"a\":{\"b\":1}}"));
    private static final List<Value> ELEMENTS = List.of(Value.of("a"), Value.of("b"), Value.of(1));
    private static final List<List<String>> WAYS =
            List.of(List.of("a"), List.of("a", "b"), List.of("a", "b", "$c"), List.of("a", "d"), List.of("$date"));
    private static final List<Value> LEAVES =
            List.of(Value.of(1), Value.of(2), MapType.EMPTY, Value.parse("[{\"a\":1}]"), Value.NULL);
    private static final List<Value> ROOTS = List.of(Value.of(5), Value.NULL, Value.parse("[]"));

    private final Peer peer;
    private final Step.Change change;
    private final boolean alive;
    private final Fields fields;
    private final @Nullable Value form;
    private final List<Effect> effects = new ArrayList<>();

    Writer(Peer peer, Step.Write write) {
        this.peer = peer;
        this.change = write.change();
        this.alive = peer.state.alive();
        this.fields = Fields.of(peer.schema, peer.state);
        boolean stale = write.stale() && alive && peer.form != null && peer.form.isRecord() && fields.root() == null;
        this.form = stale ? peer.form : null;
    }

    /** The event; empty if there is nothing to write. */
    Optional<Event> event(int number) {
        Stamp stamp = peer.tick();
        DocumentState delta = change.act() == Step.Act.DELETE ? delete(stamp) : put(stamp);
        boolean expected = !effects.isEmpty() || (change.act() != Step.Act.DELETE && !alive);
        if (delta.isEmpty() == expected) {
            throw new AssertionError(change + " was to mean " + effects + " and wrote " + delta);
        }
        return delta.isEmpty()
                ? Optional.empty()
                : Optional.of(new Event(number, stamp, new TreeSet<>(peer.seen), List.copyOf(effects), delta));
    }

    private DocumentState delete(Stamp stamp) {
        if (alive) {
            effects.add(new Effect.Delete(peer.schema.deletion() == DeletionPolicy.LAST_WRITER_WINS));
        }
        return Records.delete(peer.state, peer.schema, stamp);
    }

    private DocumentState put(Stamp stamp) {
        Map<String, Value> before = form != null ? form.fields() : alive ? standing() : created();
        Value put = change.act() == Step.Act.PUT_ROOT ? pick(ROOTS) : Value.of(changed(before));
        if (!alive && !fields.of(History.COUNTER).isEmpty()) {
            effects.add(new Effect.Reset());
        }
        if (put.isRecord()) {
            means(before, put.fields());
        } else {
            meansRoot(put);
        }
        return Records.put(peer.state, peer.schema, stamp, put, form);
    }

    /** The fields that the application is shown: none while a root value is shown. */
    private Map<String, Value> standing() {
        return fields.shownRoot() == null ? fields.members() : created();
    }

    /** The fields of a new record: what an application that knows of nothing begins with. */
    private static Map<String, Value> created() {
        Map<String, Value> created = new TreeMap<>();
        created.put(History.SET, SetType.EMPTY);
        created.put(History.COUNTER, CounterType.ZERO);
        created.put(History.MAP, MapType.EMPTY);
        created.put(History.FLAG, Value.of(false));
        return created;
    }

    private Map<String, Value> changed(Map<String, Value> before) {
        Map<String, Value> after = new TreeMap<>(before);
        String register = pick(REGISTERS);
        Set<Value> set = elements(before);
        switch (change.act()) {
            case ASSIGN -> after.put(register, VALUES.get(change.choice() / 2 % VALUES.size()));
            case TAKE_AWAY -> after.remove(register);
            case ADD -> set.add(pick(ELEMENTS));
            case REMOVE -> set.remove(pick(ELEMENTS));
            case COUNT ->
                after.merge(
                        History.COUNTER, Value.of(change.choice() - 12), (a, b) -> Value.of(a.number() + b.number()));
            case ASSIGN_MULTI -> after.put(History.MULTI, pick(ELEMENTS));
            case PUT_CONFLICT ->
                after.put(History.MULTI, Value.of(Map.of("$conflict", List.of(pick(ELEMENTS), ELEMENTS.get(0)))));
            case TAKE_MULTI_AWAY -> after.remove(History.MULTI);
            case SWITCH_ON -> after.put(History.FLAG, Value.of(true));
            case SWITCH_OFF -> after.put(History.FLAG, Value.of(false));
            case WRITE_LOCALLY -> after.put(History.LOCAL, pick(VALUES)); // means nothing
            case PUT_LEAF, PUT_OTHER_LEAF, TAKE_LEAF_AWAY -> after.compute(History.MAP, (field, map) -> changed(map));
            default -> {}
        }
        after.put(History.SET, Value.of(List.copyOf(set)));
        return after;
    }

    /** An object with another leaf, in the place of what was there. */
    private Value changed(@Nullable Value object) {
        Map<List<String>, Value> leaves = leaves(object);
        List<String> way = pick(WAYS);
        leaves.keySet().removeIf(leaf -> leaf.equals(way) || Leaves.beneath(leaf, way) || Leaves.beneath(way, leaf));
        if (change.act() != Step.Act.TAKE_LEAF_AWAY) {
            leaves.put(way, LEAVES.get(change.choice() / WAYS.size() % LEAVES.size()));
        }
        return Leaves.nest(leaves);
    }

    private static Map<List<String>, Value> leaves(@Nullable Value object) {
        return Leaves.of(object == null ? MapType.EMPTY : object);
    }

    private static Set<Value> held(Map<String, Value> record) {
        Value value = record.get(History.MULTI);
        if (value == null) {
            return Set.of();
        }
        Map<String, Value> members = value.isObject() ? value.members() : Map.of();
        Value conflict = members.getOrDefault("$object", value);
        return conflict.isObject()
                ? new LinkedHashSet<>(conflict.members().get("$conflict").elements())
                : Set.of(value);
    }

    private static Set<Value> elements(Map<String, Value> record) {
        return new LinkedHashSet<>(
                record.getOrDefault(History.SET, SetType.EMPTY).elements());
    }

    /** What it means to put an object: fields that the writer left as it found them are not its edit. */
    private void means(Map<String, Value> shown, Map<String, Value> put) {
        Map<String, Value> hidden = fields.members();
        Map<String, Value> before = form != null ? shown : hidden;
        for (String register : REGISTERS) {
            Value value = put.get(register);
            if (!Objects.equals(value, before.get(register)) && !Objects.equals(value, hidden.get(register))) {
                effects.add(new Effect.Assign(register, value));
            }
        }
        for (Value element : ELEMENTS) {
            boolean had = elements(before).contains(element);
            boolean has = elements(put).contains(element);
            boolean stands = elements(hidden).contains(element);
            if (has && !had && !stands) {
                effects.add(new Effect.Add(element));
            } else if (had && !has && stands) {
                effects.add(new Effect.Remove(element));
            }
        }
        double from = alive ? number(before) : 0;
        if (number(put) != from) {
            effects.add(new Effect.Increment(number(put) - from));
        }
        if (on(put) && !on(before) && !on(hidden)) {
            effects.add(new Effect.SwitchOn());
        } else if (!on(put) && on(before) && on(hidden)) {
            effects.add(new Effect.SwitchOff());
        }
        meansMulti(held(before), held(put), held(hidden));
        meansMap(leaves(before.get(History.MAP)), leaves(put.get(History.MAP)));
        if (fields.root() != null && (fields.shownRoot() != null || !alive || !effects.isEmpty())) {
            effects.add(new Effect.Assign(Textbook.ROOT, null));
        }
    }

    private void meansMulti(Set<Value> before, Set<Value> after, Set<Value> standing) {
        if (after.equals(before) || after.equals(standing)) {
            return;
        }
        after.forEach(value -> effects.add(new Effect.Hold(value)));
        before.stream().filter(standing::contains).forEach(value -> effects.add(new Effect.Retract(value)));
    }

    private void meansMap(Map<List<String>, Value> before, Map<List<String>, Value> after) {
        Map<List<String>, Value> standing = standingLeaves();
        Map<List<String>, Value> means = new TreeMap<>(Comparator.comparing(List::toString));
        after.forEach((way, value) -> {
            if (!value.equals(before.get(way)) && !value.equals(standing.get(way))) {
                means.put(way, value);
            }
        });
        Set<List<String>> gone = new HashSet<>(standing.keySet());
        gone.removeAll(after.keySet());
        boolean edited = !means.isEmpty() || gone.stream().anyMatch(before::containsKey);
        gone.removeIf(way -> !before.containsKey(way)
                && !(edited && standing.keySet().stream().anyMatch(other -> Leaves.beneath(other, way))));
        means.forEach((way, value) -> effects.add(new Effect.AssignLeaf(way, value)));
        gone.forEach(way -> effects.add(new Effect.AssignLeaf(way, null)));
    }

    /** The live leaves, also those that objects hide. */
    private Map<List<String>, Value> standingLeaves() {
        Map<List<String>, Value> standing = new HashMap<>();
        fields.of(History.MAP).forEach((path, cell) -> {
            if (cell.value() != null) {
                standing.put(path.subFields(), cell.value());
            }
        });
        return standing;
    }

    private static boolean on(Map<String, Value> record) {
        return Value.of(true).equals(record.get(History.FLAG));
    }

    private static double number(Map<String, Value> record) {
        return record.getOrDefault(History.COUNTER, CounterType.ZERO).number();
    }

    /** What it means to put a root value: everything else goes. */
    private void meansRoot(Value put) {
        if (put.equals(fields.shownRoot())) {
            return;
        }
        Map<String, Value> hidden = fields.members();
        REGISTERS.stream().filter(hidden::containsKey).forEach(field -> effects.add(new Effect.Assign(field, null)));
        elements(hidden).forEach(element -> effects.add(new Effect.Remove(element)));
        held(hidden).forEach(value -> effects.add(new Effect.Retract(value)));
        if (on(hidden)) {
            effects.add(new Effect.SwitchOff());
        }
        standingLeaves().keySet().forEach(way -> effects.add(new Effect.AssignLeaf(way, null)));
        if (alive) {
            effects.add(new Effect.Reset());
        }
        if (!put.equals(fields.root())) {
            effects.add(new Effect.Assign(Textbook.ROOT, put));
        }
    }

    private <T> T pick(List<T> choices) {
        return choices.get(change.choice() % choices.size());
    }
}
