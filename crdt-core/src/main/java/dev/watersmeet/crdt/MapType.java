package dev.watersmeet.crdt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The nested object: a last-writer-wins register for each leaf. Where a leaf and others beneath it are live, the object that these make hides it. */
final class MapType implements FieldType.Convention {
    static final Value EMPTY = Value.of(Map.of());

    /** Whether a value can stand at the end of a path: it is no object, or one without members. */
    static boolean isLeaf(Value value) {
        return !value.isRecord() || value.equals(EMPTY);
    }

    @Override
    public Value read(Map<Path, Cell> cells) { // M-25
        return Node.of(cells).value();
    }

    @Override
    public void diff(
            String field, Map<Path, Cell> cells, @Nullable Value read, @Nullable Value put, Edit edit) { // M-26
        Map<List<String>, Value> after = leaves(put);
        if (after == null) {
            throw MalformedException.of(
                    "the field " + CanonicalWriter.quote(field) + " is a map: its value is an object",
                    String.valueOf(put));
        }
        Map<List<String>, Value> found = leaves(read);
        Map<List<String>, Value> before = found == null ? Map.of() : found; // read before the field was declared
        Map<List<String>, Value> standing = standing(cells);
        boolean writes = false;
        for (Map.Entry<List<String>, Value> leaf : after.entrySet()) {
            Value value = leaf.getValue();
            if (!value.equals(before.get(leaf.getKey())) && !value.equals(standing.get(leaf.getKey()))) {
                edit.write(Path.leaf(field, leaf.getKey()), Cell.live(edit.stamp(), value));
                writes = true;
            }
        }
        for (List<String> leaf : standing.keySet()) {
            if (before.containsKey(leaf) && !after.containsKey(leaf)) {
                edit.write(Path.leaf(field, leaf), Cell.removed(edit.stamp()));
                writes = true;
            }
        }
        if (writes) { // what objects hide would show when their last leaf goes
            Node.of(cells).eachHidden(path -> {
                if (!after.containsKey(path.subFields())) {
                    edit.write(path, Cell.removed(edit.stamp()));
                }
            });
        }
    }

    private static Map<List<String>, Value> standing(Map<Path, Cell> cells) {
        Map<List<String>, Value> standing = new HashMap<>();
        cells.forEach((path, cell) -> {
            if (!cell.removed()) {
                standing.put(path.subFields(), cell.value());
            }
        });
        return standing;
    }

    /** The leaves of an object; none if the field is absent or undefined, null if it holds something else. */
    private static @Nullable Map<List<String>, Value> leaves(@Nullable Value value) {
        if (value == null || value.equals(Value.UNDEFINED)) { // M-5
            return Map.of();
        }
        if (!value.isRecord()) {
            return null;
        }
        Map<List<String>, Value> leaves = new HashMap<>();
        value.fields().forEach((name, member) -> addLeaves(List.of(name), member, leaves));
        return leaves;
    }

    private static void addLeaves(List<String> way, Value value, Map<List<String>, Value> leaves) {
        if (isLeaf(value)) {
            leaves.put(way, value);
            return;
        }
        Map<String, Value> members = value.fields();
        if (members.isEmpty()) {
            leaves.put(way, EMPTY); // an escape around nothing
        }
        members.forEach((name, member) -> {
            List<String> deeper = new ArrayList<>(way);
            deeper.add(name);
            addLeaves(deeper, member, leaves);
        });
    }

    @Override
    public void clear(Map<Path, Cell> cells, Edit edit) {
        edit.overwrite(cells);
    }

    /** A place in the object that the live cells make: a leaf, an object, or a leaf that an object hides. */
    private static final class Node {
        private final Map<String, Node> members = new TreeMap<>();
        private @Nullable Path path;
        private Value leaf = EMPTY;

        static Node of(Map<Path, Cell> cells) {
            Node root = new Node();
            cells.forEach((path, cell) -> {
                if (cell.value() != null) {
                    root.add(path, cell.value());
                }
            });
            return root;
        }

        private void add(Path path, Value value) {
            Node node = this;
            for (String name : path.subFields()) {
                node = node.members.computeIfAbsent(name, key -> new Node());
            }
            node.path = path;
            node.leaf = value;
        }

        Value value() {
            if (members.isEmpty()) {
                return leaf;
            }
            Map<String, Value> values = new TreeMap<>();
            members.forEach((name, node) -> values.put(name, node.value()));
            return Value.record(values);
        }

        void eachHidden(Consumer<Path> action) {
            if (path != null && !members.isEmpty()) {
                action.accept(path);
            }
            members.values().forEach(node -> node.eachHidden(action));
        }
    }
}
