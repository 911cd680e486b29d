package dev.watersmeet.benchmarks;

import dev.watersmeet.format.MessageForm;
import java.nio.file.Path;

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
    JACKSON("Jackson streaming", Role.RIVAL),
    ROCKSDB("raw RocksDB", Role.LIMIT),
    ROCKSDB_READING("read, merge, write", Role.ORIENTATION),
    ROCKSDB_DOCUMENTS("one value a document", Role.ORIENTATION),
    SMALL_STORE("with 10k cells", Role.LIMIT),
    CELLS("the cells' bytes", Role.LIMIT),
    CELLS_ALONE("raw RocksDB", Role.ORIENTATION),
    WATERSMEET_BINARY("Watersmeet binary form", Role.ORIENTATION),
    BARE_JETTY("bare Jetty and RocksDB", Role.LIMIT),
    POUCHDB("pouchdb-server", Role.RIVAL),
    POUCHDB_FIRST("pouchdb-server's first sync", Role.ORIENTATION),
    POUCHDB_LATER("pouchdb-server", Role.ORIENTATION),
    Y_WEBSOCKET("y-websocket", Role.LIMIT),
    DISK_SYNC("the disk's sync alone", Role.ORIENTATION),
    FIRST_SYNC("a first sync", Role.RIVAL),
    BUDGET("the budget", Role.LIMIT),
    BARE_DRIVER("the bare driver", Role.LIMIT),
    BARE_PUT_ALL("bare putAll", Role.LIMIT),
    BARE_MULTI("bare multi()", Role.LIMIT),
    BARE_APPEND("bare append and sync", Role.LIMIT),
    DRILL_CTAS("CREATE TABLE AS", Role.RIVAL),
    WATERSMEET_FRESH("Watersmeet, fresh", Role.ORIENTATION),
    BARE_COUNT("count(*) of the same Parquet", Role.LIMIT),
    SAME_QUERY("the query alone", Role.LIMIT),
    BARE_PARQUET("the same of the bare Parquet", Role.ORIENTATION),
    CONDITIONAL_CELLS("a conditional write a cell", Role.RIVAL),
    CONDITIONAL_DOCUMENTS("a conditional write a document", Role.ORIENTATION);

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
            default -> throw lacks("map");
        };
    }

    /** An empty set. */
    ReplicatedSet newSet() {
        return switch (this) {
            case WATERSMEET -> new CellSet();
            case DOT_MAP -> new DotSet();
            case PEKKO -> new PekkoSet();
            case WURMLOCH -> new WurmlochSet();
            default -> throw lacks("set");
        };
    }

    /** An empty set of documents; one map of all keys for those that know no documents. */
    ReplicatedMap newDocuments() {
        return switch (this) {
            case WATERSMEET, WATERSMEET_JSON -> new CellDocuments();
            case HASH_MAP -> new HashedDocuments();
            case PEKKO, AUTOMERGE -> newMap();
            default -> throw lacks("documents");
        };
    }

    /** A codec of the given cells. */
    Codec newCodec(int documents) {
        return switch (this) {
            case WATERSMEET -> new MergeFormatCodec(documents, MessageForm.BATCH);
            case WATERSMEET_JSON -> new MergeFormatCodec(documents, MessageForm.JSON);
            case JACKSON -> new JacksonCodec(documents);
            default -> throw lacks("codec");
        };
    }

    /** The cells of a folder, which are made if there are none. */
    CellStore openStore(Path folder) {
        return switch (this) {
            case WATERSMEET -> OurCells.embedded(folder);
            case ROCKSDB -> new RocksCells(folder, RocksCells.Join.PUT);
            case ROCKSDB_READING -> new RocksCells(folder, RocksCells.Join.READ_CELL);
            case ROCKSDB_DOCUMENTS -> new RocksCells(folder, RocksCells.Join.READ_DOCUMENT);
            default -> throw lacks("store");
        };
    }

    private IllegalArgumentException lacks(String type) {
        return new IllegalArgumentException(label + " takes no part here: " + type);
    }
}
