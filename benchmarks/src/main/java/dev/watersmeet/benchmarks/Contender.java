package dev.watersmeet.benchmarks;

/** Who is measured; each where it has the type. */
public enum Contender {
    WATERSMEET("Watersmeet", Role.OURS),
    HASH_MAP("HashMap of cells", Role.LIMIT),
    DOT_MAP("fastutil map of dots", Role.LIMIT),
    FASTUTIL("fastutil long to long", Role.ORIENTATION),
    PEKKO("Pekko distributed data", Role.RIVAL),
    WURMLOCH("wurmloch", Role.RIVAL),
    AUTOMERGE("Automerge JNI", Role.RIVAL),
    JACKSON("Jackson streaming", Role.RIVAL);

    /** What a contender is compared as. */
    enum Role {
        OURS,
        RIVAL,
        /** What no implementation of the type on this machine can be much better than. */
        LIMIT,
        /** Only shown: it does less than the type asks for. */
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
            case DOT_MAP, WURMLOCH, JACKSON -> throw lacks("map");
        };
    }

    /** An empty set. */
    ReplicatedSet newSet() {
        return switch (this) {
            case WATERSMEET -> new CellSet();
            case DOT_MAP -> new DotSet();
            case PEKKO -> new PekkoSet();
            case WURMLOCH -> new WurmlochSet();
            case HASH_MAP, FASTUTIL, AUTOMERGE, JACKSON -> throw lacks("set");
        };
    }

    /** An empty set of documents; one map of all keys for those that know no documents. */
    ReplicatedMap newDocuments() {
        return switch (this) {
            case WATERSMEET -> new CellDocuments();
            case HASH_MAP -> new HashedDocuments();
            case PEKKO, AUTOMERGE -> newMap();
            case DOT_MAP, FASTUTIL, WURMLOCH, JACKSON -> throw lacks("documents");
        };
    }

    /** A codec of the given cells. */
    Codec newCodec(int documents) {
        return switch (this) {
            case WATERSMEET -> new MergeFormatCodec(documents);
            case JACKSON -> new JacksonCodec(documents);
            case HASH_MAP, DOT_MAP, FASTUTIL, PEKKO, WURMLOCH, AUTOMERGE -> throw lacks("codec");
        };
    }

    private IllegalArgumentException lacks(String type) {
        return new IllegalArgumentException(label + " takes no part here: " + type);
    }
}
