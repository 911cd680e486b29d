package dev.watersmeet.testing.differential;

import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.statistics.Statistics;

/** What a case has that has to occur in a run: a property counts the cases that have it, prints the counts, and fails if one stays at zero. */
enum Feature {
    // in values
    LONE_SURROGATE_IN_VALUE,
    LONE_SURROGATE_IN_KEY,
    ASTRAL_CHARACTER,
    NEGATIVE_ZERO,
    AROUND_2_TO_THE_53,
    FROM_10_TO_THE_21,
    SUBNORMAL,
    GREATEST_DOUBLES,
    EMPTY_ARRAY,
    EMPTY_OBJECT,
    PROTOTYPE_NAME_AS_KEY,
    NEAR_DEPTH_LIMIT,
    ABOVE_DEPTH_LIMIT,
    NEAR_SEGMENT_LIMIT,
    ABOVE_SEGMENT_LIMIT,
    NEAR_VALUE_LIMIT,
    ABOVE_VALUE_LIMIT,
    // by the tag (M-5)
    TAG_DATE,
    TAG_BINARY,
    TAG_BIGINT,
    TAG_UNDEFINED,
    TAG_NUMBER,
    TAG_MAP,
    TAG_SET,
    TAG_OBJECT,
    TAG_UNKNOWN,
    TAG_CONFLICT,
    NESTED_ESCAPE,
    // in texts
    REPEATED_KEY,
    NO_JSON,
    ODD_SPELLING,
    // in histories
    PUT,
    STALE_PUT,
    PUT_ON_DEAD,
    PUT_REFUSED,
    DELETE,
    DELETE_BY_LATEST_WRITER,
    ROOT_VALUE,
    MULTI_IN_CONFLICT,
    CONFLICT,
    CONFLICT_WITH_DELETION,
    SEVERAL_CONFLICTS,
    SCHEMA_CHANGED_OVER_CELLS,
    LONE_SURROGATE_IN_FIELD,
    LONE_SURROGATE_IN_ELEMENT,
    PROTOTYPE_NAME_AS_FIELD,
    LEAF_NEAR_DEPTH_LIMIT,
    LEAF_ABOVE_DEPTH_LIMIT,
    RECEIVE_ALL,
    RECEIVE_EDIT,
    RECEIVE_CELL,
    DUPLICATE,
    REORDERED,
    OWN_ECHO,
    FOREIGN_CELLS,
    FOREIGN_CELLS_REFUSED,
    SEND,
    SEND_AGAIN,
    SETTLE,
    EDIT_IN_FLIGHT,
    REJECT,
    UNSEND,
    RESYNC,
    CLOCK_FORWARD,
    CLOCK_STALLED,
    CLOCK_BACK,
    CLOCK_JUMP,
    CLOCK_OUT_OF_RANGE,
    CLOCK_EXHAUSTED,
    // in paths and keys
    PATH_NEAR_LIMIT,
    PATH_ABOVE_LIMIT,
    KEY_STRING,
    KEY_NUMBER,
    KEY_INFINITY,
    KEY_NEGATIVE_INFINITY,
    KEY_NAN,
    KEY_DATE,
    KEY_INVALID_DATE,
    KEY_BINARY,
    KEY_ARRAY,
    KEY_NESTED_ARRAY,
    NEAR_ID_LIMIT,
    ABOVE_ID_LIMIT;

    private static final String LABEL = "cases with";

    /** Counts a case, of a property whose run has to have all of the expected features. */
    static void count(Set<Feature> found, Set<Feature> expected) {
        for (Feature feature : new TreeSet<>(found)) {
            Statistics.label(LABEL).collect(feature);
        }
        Statistics.label(LABEL)
                .coverage(coverage ->
                        expected.forEach(feature -> coverage.check(feature).count(count -> count > 0)));
    }
}
