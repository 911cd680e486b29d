package dev.watersmeet.benchmarks;

import dev.watersmeet.format.MessageForm;

/** Who is measured; each where it has the type. */
public enum Contender {
    WATERSMEET("Watersmeet", Role.OURS),
    WATERSMEET_JSON("Watersmeet JSON", Role.ORIENTATION),
    HASH_MAP("HashMap of cells", Role.LIMIT),
    DOT_MAP("fastutil map of dots", Role.LIMIT),
    FASTUTIL("fastutil long to long", Role.ORIENTATION),
    PEKKO("Pekko distributed data", Role.RIVAL),
    WURMLOCH("wurmloch", Role.RIVAL),
    AUTOMERGE("Automerge JNI", Role.RIVAL),
    YJS("Yjs", Role.RIVAL),
    YJS_V2("Yjs update format 2", Role.RIVAL),
    JACKSON("Jackson streaming", Role.RIVAL);

    /** What a contender is compared as. */
    enum Role {
        OURS,
        RIVAL,
        /** What no implementation of the type on this machine can be much better than. */
        LIMIT,
        /** Only shown: it does less than the type asks for, or is another form of ours. */
        ORIENTATION
    }

    private final String label;
    private final Role role;

    Contender(String label, Role role) {
        this.label = label;
        this.role = role;
    }

    String label() {
        return label;
    }

    Role role() {
        return role;
    }

    /** An empty map. */
    ReplicatedMap newMap() {
        return switch (this) {
            case WATERSMEET -> new CellMap();
            case HASH_MAP -> new HashedMap();
            case FASTUTIL -> new LongMap();
            case PEKKO -> new PekkoMap();
            case AUTOMERGE -> new AutomergeMap();
            case WATERSMEET_JSON, DOT_MAP, WURMLOCH, YJS, YJS_V2, JACKSON -> throw lacks("map");
        };
    }

    /** An empty set. */
    ReplicatedSet newSet() {
        return switch (this) {
            case WATERSMEET -> new CellSet();
            case DOT_MAP -> new DotSet();
            case PEKKO -> new PekkoSet();
            case WURMLOCH -> new WurmlochSet();
            case WATERSMEET_JSON, HASH_MAP, FASTUTIL, AUTOMERGE, YJS, YJS_V2, JACKSON -> throw lacks("set");
        };
    }

    /** An empty set of documents; one map of all keys for those that know no documents. */
    ReplicatedMap newDocuments() {
        return switch (this) {
            case WATERSMEET, WATERSMEET_JSON -> new CellDocuments();
            case HASH_MAP -> new HashedDocuments();
            case PEKKO, AUTOMERGE -> newMap();
            case DOT_MAP, FASTUTIL, WURMLOCH, YJS, YJS_V2, JACKSON -> throw lacks("documents");
        };
    }

    /** A codec of the given cells. */
    Codec newCodec(int documents) {
        return switch (this) {
            case WATERSMEET -> new MergeFormatCodec(documents, MessageForm.BATCH);
            case WATERSMEET_JSON -> new MergeFormatCodec(documents, MessageForm.JSON);
            case JACKSON -> new JacksonCodec(documents);
            case HASH_MAP, DOT_MAP, FASTUTIL, PEKKO, WURMLOCH, AUTOMERGE, YJS, YJS_V2 -> throw lacks("codec");
        };
    }

    private IllegalArgumentException lacks(String type) {
        return new IllegalArgumentException(label + " takes no part here: " + type);
    }
}
