package dev.watersmeet.testing.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.Conflict;
import dev.watersmeet.crdt.DeletionPolicy;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A history as Java runs it. Each step is noted with what it came to, so that the other side can be given the same: records, pages and schemas as texts, but no stamps and no
 * cells that a step writes, which both sides have to find for themselves.
 */
final class History {
    /** What one replica does, as the other side is told. */
    record Told(
            int replica,
            String does,
            @Nullable Long millis,
            @Nullable String schema,
            @Nullable String record,
            @Nullable String read,
            @Nullable String page) {
        @Override
        public String toString() {
            return Stream.of(
                            "replica " + replica,
                            does,
                            millis,
                            schema,
                            record,
                            read == null ? null : "read " + read,
                            page)
                    .filter(Objects::nonNull)
                    .map(part -> Texts.brief(part.toString()))
                    .collect(Collectors.joining(" "));
        }
    }

    /**
     * The question to the other side.
     *
     * @param names of the documents that {@code batch} is of
     * @param batch what Java writes, for the other side to read
     */
    record Question(List<String> replicas, List<Told> steps, List<Batches.Name> names, String batch) {}

    /** An edit that somebody may be handed. */
    private record Edit(int writer, DocumentState cells) {}

    private static final long JUMP = 40_000_000_000L;

    final List<Replica> replicas = Steps.REPLICAS.stream().map(Replica::new).toList();
    final List<Told> told = new ArrayList<>();
    final List<String> traces = new ArrayList<>();
    final Set<Feature> features = EnumSet.noneOf(Feature.class);
    final Set<FieldType> types = EnumSet.noneOf(FieldType.class);
    private final List<Edit> edits = new ArrayList<>();
    private final Map<ReplicaId, Value> forms = new HashMap<>();
    private final Map<ReplicaId, Set<Integer>> handed = new HashMap<>();

    private History() {
        for (int i = 0; i < replicas.size(); i++) {
            clock(i, Steps.START + i);
            if (i < replicas.size() - 1) {
                declare(replicas.get(i), Steps.USUAL);
            }
        }
    }

    static History run(List<Step> steps) {
        History history = new History();
        steps.forEach(history::take);
        return history;
    }

    Question question() {
        return new Question(
                Steps.REPLICAS.stream().map(ReplicaId::toString).toList(),
                told,
                Batches.names(replicas.size()),
                batch());
    }

    /** What all replicas hold, as one batch. */
    String batch() {
        return Batches.write(Batches.documents(replicas));
    }

    /** All cells of all replicas, joined one after the other. */
    String merged() {
        DocumentState merged = DocumentState.empty();
        replicas.forEach(replica -> merged.join(replica.document.joined()));
        return Replica.text(merged.cells());
    }

    private void take(Step step) {
        Replica replica = replicas.get(step.replica());
        if (step instanceof Step.Clock clock) {
            move(replica, clock);
        } else if (step instanceof Step.Declare declare) {
            declare(replica, declare.schema());
        } else if (step instanceof Step.Open) {
            forms.put(replica.id, replica.shown());
        } else if (step instanceof Step.Put put) {
            JsonNode base = Trees.of(base(replica, put.stale()));
            put(replica, put.stale(), Changes.record(Changes.changed(base, put.changes(), replica.schema)));
            put.changes().forEach(change -> changed(replica.schema.type(change.field()), change));
        } else if (step instanceof Step.PutRoot put) {
            features.add(Feature.ROOT_VALUE);
            put(replica, put.stale(), put.value());
        } else if (step instanceof Step.Delete) {
            delete(replica);
        } else if (step instanceof Step.Receive receive) {
            receive(replica, receive);
        } else if (step instanceof Step.Foreign foreign) {
            foreign(replica, foreign.cells());
        } else if (step instanceof Step.Resync resync) {
            features.add(Feature.RESYNC);
            String page = replicas.get(resync.from()).page();
            tell(replica, "resync", step(page), replica.resync(page));
            conflicts(replica);
        } else if (step instanceof Step.Send) {
            send(replica);
        } else if (step instanceof Step.Answer answer) {
            answer(replica, answer.verdict());
        }
    }

    private void move(Replica replica, Step.Clock clock) {
        long now = replica.now;
        switch (clock.move()) {
            case FORWARD -> tick(replica, Feature.CLOCK_FORWARD, now + 1 + clock.by());
            case STALLED -> tick(replica, Feature.CLOCK_STALLED, now);
            case BACK -> tick(replica, Feature.CLOCK_BACK, now - 1 - clock.by() * 100L);
            case JUMP -> tick(replica, Feature.CLOCK_JUMP, now + (clock.by() % 2 == 0 ? JUMP : -JUMP));
            case OUT_OF_RANGE -> {
                List<Long> ends = List.of(-1L, Stamp.MAX_MILLIS, Stamp.MAX_MILLIS + 1);
                tick(replica, Feature.CLOCK_OUT_OF_RANGE, ends.get(clock.by() % ends.size()));
            }
        }
    }

    private void tick(Replica replica, Feature feature, long millis) {
        features.add(feature);
        clock(replicas.indexOf(replica), millis);
    }

    private void clock(int replica, long millis) {
        replicas.get(replica).now = millis;
        tell(replicas.get(replica), "clock", new Told(replica, "clock", millis, null, null, null, null), "clock");
    }

    private void declare(Replica replica, CollectionSchema schema) {
        if (!replica.document.joined().isEmpty() && !schema.equals(replica.schema)) {
            features.add(Feature.SCHEMA_CHANGED_OVER_CELLS);
        }
        replica.schema = schema;
        tell(replica, "schema", new Told(0, "", null, text(schema), null, null, null), "schema");
    }

    /** A schema in the form of {@code spec/vectors}. */
    private static String text(CollectionSchema schema) {
        ObjectNode fields = Trees.NODES.objectNode();
        new TreeMap<>(schema.fields())
                .forEach((field, type) -> fields.put(field, type.name().toLowerCase(Locale.ROOT)));
        ObjectNode text = Trees.object("fields", fields);
        text.put("deletion", schema.deletion().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        text.set("local", Values.node(List.copyOf(schema.local())));
        return Trees.text(text);
    }

    private Value base(Replica replica, boolean stale) {
        Value shown = replica.shown();
        return stale ? forms.getOrDefault(replica.id, shown) : shown;
    }

    private void put(Replica replica, boolean stale, JsonNode record) {
        boolean alive = replica.document.joined().alive();
        features.add(stale ? Feature.STALE_PUT : Feature.PUT);
        Value read = stale ? base(replica, true) : null;
        if (!alive) {
            features.add(replica.document.joined().isEmpty() ? Feature.PUT : Feature.PUT_ON_DEAD);
        }
        Features.of(record, features);
        Told put = new Told(0, "", null, null, Trees.text(record), read == null ? null : read.text(), null);
        String outcome = replica.put(() -> Trees.record(record), read, cells -> edited(replica, cells));
        tell(replica, "put", put, outcome);
        if (outcome.endsWith(Replica.REFUSED)) {
            features.add(Feature.PUT_REFUSED);
        }
        exhausted(outcome);
    }

    private void exhausted(String outcome) {
        if (outcome.equals(Replica.EXHAUSTED)) {
            features.add(Feature.CLOCK_EXHAUSTED);
        }
    }

    private void delete(Replica replica) {
        features.add(Feature.DELETE);
        if (replica.schema.deletion() == DeletionPolicy.LAST_WRITER_WINS) {
            features.add(Feature.DELETE_BY_LATEST_WRITER);
        }
        String outcome = replica.delete(cells -> edited(replica, cells));
        tell(replica, "delete", step(null), outcome);
        exhausted(outcome);
    }

    private void edited(Replica replica, DocumentState cells) {
        if (cells.isEmpty()) {
            return;
        }
        edits.add(new Edit(replicas.indexOf(replica), cells));
        seen(replica).add(edits.size() - 1);
        if (replica.inFlight) {
            features.add(Feature.EDIT_IN_FLIGHT);
        }
        cells.forEach((path, cell) -> written(path));
    }

    private void written(Path path) {
        if (path.kind() == Kind.EXISTENCE || path.kind() == Kind.DELETION || path.kind() == Kind.ROOT) {
            return;
        }
        if (Texts.hasLoneSurrogate(path.field())) {
            features.add(Feature.LONE_SURROGATE_IN_FIELD);
        }
        if (Texts.PROTOTYPE_NAMES.contains(path.field())) {
            features.add(Feature.PROTOTYPE_NAME_AS_FIELD);
        }
        if (path.kind() == Kind.SET && path.element().text().contains("\\ud8")) {
            features.add(Feature.LONE_SURROGATE_IN_ELEMENT);
        }
        if (path.kind() == Kind.MAP && path.subFields().size() > Path.MAX_SUB_FIELDS - 3) {
            features.add(Feature.LEAF_NEAR_DEPTH_LIMIT);
        }
    }

    private void changed(FieldType type, Step.Change change) {
        types.add(type);
        boolean assigns = change.act() == Step.Act.DO || change.act() == Step.Act.UNDO;
        if (type == FieldType.MAP && assigns && change.choice() > Steps.LONG_WAYS + 2) {
            features.add(Feature.LEAF_ABOVE_DEPTH_LIMIT);
        }
    }

    private Set<Integer> seen(Replica replica) {
        return handed.computeIfAbsent(replica.id, key -> new HashSet<>());
    }

    private void receive(Replica replica, Step.Receive receive) {
        DocumentState cells =
                switch (receive.part()) {
                    case ALL -> replicas.get(receive.from()).document.joined();
                    case EDIT, CELL -> edit(replica, receive.pick(), receive.part());
                };
        features.add(
                receive.part() == Step.Part.ALL
                        ? Feature.RECEIVE_ALL
                        : receive.part() == Step.Part.EDIT ? Feature.RECEIVE_EDIT : Feature.RECEIVE_CELL);
        arrive(replica, Replica.page(cells));
    }

    private DocumentState edit(Replica replica, int pick, Step.Part part) {
        if (edits.isEmpty()) {
            return DocumentState.empty();
        }
        int number = edits.size() - 1 - pick % edits.size();
        Edit edit = edits.get(number);
        Set<Integer> seen = seen(replica);
        if (edit.writer() == replicas.indexOf(replica)) {
            features.add(Feature.OWN_ECHO);
        } else if (!seen.add(number)) {
            features.add(Feature.DUPLICATE);
        } else if (seen.stream().anyMatch(other -> other > number)) {
            features.add(Feature.REORDERED);
        }
        if (part == Step.Part.EDIT) {
            return edit.cells();
        }
        List<Map.Entry<Path, Cell>> cells = edit.cells().cells().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .toList();
        Map.Entry<Path, Cell> cell = cells.get(pick % cells.size());
        return DocumentState.of(Map.of(cell.getKey(), cell.getValue()));
    }

    private void foreign(Replica replica, JsonNode cells) {
        features.add(Feature.FOREIGN_CELLS);
        ObjectNode document = Trees.NODES.objectNode().put("collection", "c").put("id", "d");
        document.set("cells", cells);
        ObjectNode page = Trees.object("documents", Trees.array(document));
        page.put("cursor", "").put("more", false);
        if (arrive(replica, Trees.text(page)).equals(Replica.REFUSED)) {
            features.add(Feature.FOREIGN_CELLS_REFUSED);
        }
    }

    private String arrive(Replica replica, String page) {
        String outcome = replica.receive(page);
        tell(replica, "receive", step(page), outcome);
        conflicts(replica);
        return outcome;
    }

    private void conflicts(Replica replica) {
        if (replica.conflicts.size() > 1) {
            features.add(Feature.SEVERAL_CONFLICTS);
        }
        for (Conflict conflict : replica.conflicts) {
            features.add(conflict.isDeletion() ? Feature.CONFLICT_WITH_DELETION : Feature.CONFLICT);
        }
    }

    private void send(Replica replica) {
        if (replica.inFlight || replica.document.isPending()) {
            features.add(replica.inFlight ? Feature.SEND_AGAIN : Feature.SEND);
            tell(replica, "send", step(null), replica.send());
        }
    }

    private void answer(Replica replica, Step.Verdict verdict) {
        if (!replica.inFlight) {
            return;
        }
        features.add(Feature.valueOf(verdict.name()));
        String does = verdict.name().toLowerCase(Locale.ROOT);
        String outcome =
                switch (verdict) {
                    case SETTLE -> replica.settle();
                    case REJECT -> replica.reject();
                    case UNSEND -> replica.unsend();
                };
        tell(replica, does, step(null), outcome);
    }

    private static Told step(@Nullable String page) {
        return new Told(0, "", null, null, null, null, page);
    }

    private void tell(Replica replica, String does, Told step, String outcome) {
        told.add(new Told(
                replicas.indexOf(replica),
                does,
                step.millis(),
                step.schema(),
                step.record(),
                step.read(),
                step.page()));
        traces.add(outcome + "\n" + replica.standing());
        if (replica.showsConflict()) {
            features.add(Feature.MULTI_IN_CONFLICT);
        }
    }

    /** The steps as they were told, briefly: the seed brings them back. */
    @Override
    public String toString() {
        return IntStream.range(0, told.size())
                .mapToObj(number -> "\n" + number + ": " + told.get(number))
                .collect(Collectors.joining());
    }
}
