package dev.watersmeet.testing.simulation;

import static dev.watersmeet.testing.simulation.Model.BODY;
import static dev.watersmeet.testing.simulation.Model.COUNTER;
import static dev.watersmeet.testing.simulation.Model.DONE;
import static dev.watersmeet.testing.simulation.Model.NOTES;
import static dev.watersmeet.testing.simulation.Model.PLACE;
import static dev.watersmeet.testing.simulation.Model.PLACE_X;
import static dev.watersmeet.testing.simulation.Model.PLACE_Y;
import static dev.watersmeet.testing.simulation.Model.PLACE_Z;
import static dev.watersmeet.testing.simulation.Model.STATE;
import static dev.watersmeet.testing.simulation.Model.TAGS;
import static dev.watersmeet.testing.simulation.Model.TITLE;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody is about to do to a document, whatever its record is by then. A value that is written is the plan's own number, so that it can be told from all others.
 *
 * @param number this plan's, among all of a run
 * @param choice what tells plans of one kind apart
 */
record Plan(Kind kind, DocumentId document, int number, int choice) {
    enum Kind {
        TITLE,
        BODY,
        CLEAR_TITLE,
        REVERT_TITLE,
        TAG,
        COUNT,
        STATE,
        DONE,
        PLACE_X,
        CLEAR_X,
        PLACE_Y,
        PLACE_Z,
        MUCH,
        DELETE
    }

    private static final int CHOICES = 7;

    /** Who chooses this creates a document without fields. */
    private static final int BARE = 6;

    private static final List<Kind> FREQUENT = List.of(
            Kind.TITLE,
            Kind.TITLE,
            Kind.TAG,
            Kind.TAG,
            Kind.TAG,
            Kind.COUNT,
            Kind.COUNT,
            Kind.COUNT,
            Kind.DELETE,
            Kind.DELETE);

    static Plan any(Schedule schedule, int number) {
        Kind kind = schedule.chance(0.5) ? schedule.pick(FREQUENT) : schedule.pick(List.of(Kind.values()));
        return new Plan(kind, schedule.pick(Model.DOCUMENTS), number, schedule.pick(CHOICES));
    }

    private boolean ofNote() {
        return document.collection().equals(NOTES);
    }

    /**
     * Changes a record, and tells what that means.
     *
     * @param record the record as it stands, empty if there is none
     */
    List<Effect> edit(Map<String, @Nullable Object> record) {
        List<Effect> effects = new ArrayList<>();
        if (record.isEmpty()) {
            if (choice == BARE) {
                effects.add(Effect.put());
            } else {
                create(record, effects);
            }
            return effects;
        }
        Map<String, Value> before = new LinkedHashMap<>();
        record.forEach((field, value) -> before.put(field, Value.of(value)));
        switch (kind) {
            case TITLE -> assign(record, TITLE, effects);
            case BODY -> assign(record, BODY, effects);
            case CLEAR_TITLE -> {
                if (record.remove(TITLE) != null) {
                    effects.add(Effect.assign(TITLE, null));
                }
            }
            case REVERT_TITLE -> {
                Value past = Value.of(choice);
                if (!past.equals(before.get(TITLE))) {
                    record.put(TITLE, past);
                    effects.add(Effect.assign(TITLE, past));
                }
            }
            case TAG -> toggleTag(record, before, effects);
            case COUNT -> count(record, before, effects);
            case MUCH -> {
                assign(record, TITLE, effects);
                toggleTag(record, before, effects);
                count(record, before, effects);
            }
            case STATE, DONE, PLACE_X, CLEAR_X, PLACE_Y, PLACE_Z -> {
                if (ofNote()) {
                    editNote(record, before, effects);
                }
            }
            case DELETE -> throw new IllegalStateException("a deletion edits no record");
        }
        return effects;
    }

    private void create(Map<String, @Nullable Object> record, List<Effect> effects) {
        assign(record, TITLE, effects);
        Value tag = Value.of("t" + number);
        record.put(TAGS, List.of(tag));
        effects.add(Effect.add(TAGS, tag));
        record.put(COUNTER, choice);
        effects.add(Effect.count(COUNTER, choice));
        if (ofNote()) {
            Value state = Value.of("s" + number);
            record.put(STATE, state);
            effects.add(Effect.add(STATE, state));
        }
    }

    private void assign(Map<String, @Nullable Object> record, String field, List<Effect> effects) {
        Value value = Value.of(1000 + number);
        record.put(field, value);
        effects.add(Effect.assign(field, value));
    }

    private void toggleTag(Map<String, @Nullable Object> record, Map<String, Value> before, List<Effect> effects) {
        Value tag = Value.of(choice % 2 == 0 ? "a" : "b");
        Set<Value> tags = new LinkedHashSet<>(Model.elements(before, TAGS));
        if (tags.remove(tag)) {
            effects.add(Effect.remove(TAGS, tag));
        } else {
            tags.add(tag);
            effects.add(Effect.add(TAGS, tag));
        }
        record.put(TAGS, List.copyOf(tags));
    }

    private void count(Map<String, @Nullable Object> record, Map<String, Value> before, List<Effect> effects) {
        Value value = before.get(COUNTER);
        double by = choice - 2.5;
        record.put(COUNTER, (value == null ? 0 : value.number()) + by);
        effects.add(Effect.count(COUNTER, by));
    }

    private void editNote(Map<String, @Nullable Object> record, Map<String, Value> before, List<Effect> effects) {
        switch (kind) {
            case STATE -> {
                Value state = Value.of("s" + number);
                Model.elements(before, STATE).forEach(value -> effects.add(Effect.remove(STATE, value)));
                effects.add(Effect.add(STATE, state));
                record.put(STATE, state);
            }
            case DONE -> {
                boolean on = !Model.elements(before, DONE).isEmpty();
                Value flag = Value.of(true);
                effects.add(on ? Effect.remove(DONE, flag) : Effect.add(DONE, flag));
                record.put(DONE, !on);
            }
            default -> editPlace(record, before, effects);
        }
    }

    private void editPlace(Map<String, @Nullable Object> record, Map<String, Value> before, List<Effect> effects) {
        Value x = Model.at(before, PLACE_X);
        Value y = Model.at(before, PLACE_Y);
        Value own = Value.of(number);
        boolean covered = y != null && y.isRecord();
        switch (kind) {
            case PLACE_Y -> {
                if (covered) {
                    effects.add(Effect.assign(PLACE_Z, null));
                }
                y = own;
                effects.add(Effect.assign(PLACE_Y, y));
            }
            case PLACE_Z -> {
                if (y != null) {
                    effects.add(covered ? Effect.uncover(PLACE_Y) : Effect.assign(PLACE_Y, null));
                }
                y = Value.record(Map.of("z", own));
                effects.add(Effect.assign(PLACE_Z, own));
            }
            default -> {
                if (kind == Kind.CLEAR_X && x == null) {
                    return;
                }
                x = kind == Kind.PLACE_X ? own : null;
                if (covered) {
                    effects.add(Effect.uncover(PLACE_Y));
                }
                effects.add(Effect.assign(PLACE_X, x));
            }
        }
        Map<String, Value> place = new LinkedHashMap<>();
        if (x != null) {
            place.put("x", x);
        }
        if (y != null) {
            place.put("y", y);
        }
        record.put(PLACE, Value.record(place));
    }
}
