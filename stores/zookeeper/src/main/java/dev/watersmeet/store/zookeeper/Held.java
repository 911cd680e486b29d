package dev.watersmeet.store.zookeeper;

import org.jspecify.annotations.Nullable;

/**
 * A space's head as it was read, or written.
 *
 * @param head what it says
 * @param version of its znode; -1 if there is none
 */
record Held(Head head, int version) {
    static final int NONE = -1;

    static Held of(@Nullable Node node) {
        return node == null ? new Held(Head.NONE, NONE) : new Held(Head.parse(node.data()), node.version());
    }

    boolean alive() {
        return head.alive();
    }

    long life() {
        return head.life();
    }
}
