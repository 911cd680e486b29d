package dev.watersmeet.crdt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Objects taken apart into leaves and put together again, as simply as can be. */
final class Leaves {
    private Leaves() {}

    /** The leaves of an object by the ways to them. */
    static Map<List<String>, Value> of(Value object) {
        Map<List<String>, Value> leaves = new LinkedHashMap<>();
        object.fields().forEach((name, member) -> {
            if (member.isRecord() && !member.fields().isEmpty()) {
                of(member).forEach((way, value) -> {
                    List<String> longer = new ArrayList<>(List.of(name));
                    longer.addAll(way);
                    leaves.put(longer, value);
                });
            } else {
                leaves.put(List.of(name), member);
            }
        });
        return leaves;
    }

    /** The object of some leaves, where objects win over leaves. */
    static Value nest(Map<List<String>, Value> leaves) {
        Map<String, Map<List<String>, Value>> inside = new TreeMap<>();
        leaves.forEach((way, value) ->
                inside.computeIfAbsent(way.get(0), name -> new HashMap<>()).put(way.subList(1, way.size()), value));
        Map<String, Value> members = new TreeMap<>();
        inside.forEach((name, rest) -> {
            Value leaf = rest.remove(List.<String>of());
            members.put(name, rest.isEmpty() ? leaf : nest(rest));
        });
        return Value.record(members);
    }

    /** Whether one way leads on from the end of another. */
    static boolean beneath(List<String> way, List<String> above) {
        return way.size() > above.size() && way.subList(0, above.size()).equals(above);
    }
}
