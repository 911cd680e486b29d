package dev.watersmeet.store.geode.function;

import java.util.ArrayList;
import java.util.List;

/** The regions of a store, and which of them have an index on their keys: they are read by ranges of these. */
public final class StoreRegions {
    /** The control record of each space. */
    public static final String CONTROL = "control";
    /** The other records, the pages of purges, and the names of logs. */
    public static final String RECORD = "record";
    /** The entries of logs. */
    public static final String ENTRY = "entry";
    /** How far logs are complete. */
    public static final String TIP = "tip";
    /** Documents. */
    public static final String CELL = "cell";

    private static final List<String> ALL = List.of(CONTROL, RECORD, ENTRY, TIP, CELL);
    private static final List<String> INDEXED = List.of(CONTROL, RECORD, CELL);

    private StoreRegions() {}

    /** The full names of all regions. */
    public static List<String> names(String prefix) {
        return withPrefix(prefix, ALL);
    }

    /** The full names of those with an index. */
    public static List<String> indexed(String prefix) {
        return withPrefix(prefix, INDEXED);
    }

    private static List<String> withPrefix(String prefix, List<String> kinds) {
        List<String> names = new ArrayList<>();
        kinds.forEach(kind -> names.add(name(prefix, kind)));
        return names;
    }

    /** The full name of a region. */
    public static String name(String prefix, String kind) {
        return prefix + "_" + kind;
    }

    /** What an index on a region's keys is called. */
    public static String index(String region) {
        return region + "_key";
    }
}
