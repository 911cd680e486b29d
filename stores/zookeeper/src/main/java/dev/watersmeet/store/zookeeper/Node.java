package dev.watersmeet.store.zookeeper;

/** A znode as it was read. Its bytes are not to be changed. */
final class Node {
    private final byte[] data;
    private final int version;

    Node(byte[] data, int version) {
        this.data = data;
        this.version = version;
    }

    /** What it holds. */
    byte[] data() {
        return data;
    }

    /** How often that was changed. */
    int version() {
        return version;
    }
}
