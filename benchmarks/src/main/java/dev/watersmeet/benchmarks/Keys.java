package dev.watersmeet.benchmarks;

/** The keys of the workloads: documents of a collection {@code todos}, each with ten fields. */
final class Keys {
    static final String VALUE = "hello world";
    static final int FIELDS = 10;

    private Keys() {}

    static String text(int key) {
        return document(key) + "/" + field(key);
    }

    static String document(int key) {
        return "todos/" + key / FIELDS;
    }

    static String field(int key) {
        return "f" + key % FIELDS;
    }
}
