package dev.watersmeet.store.zookeeper;

import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/** Operations that are to be done together. Not thread-safe. */
final class Commit {
    /** What an operation has besides its path, data and access control list, at most. */
    private static final int OPERATION_BYTES = 32;

    private final List<ACL> acl;
    private final int aclBytes;
    private final List<Op> operations = new ArrayList<>();
    private long bytes;

    Commit(List<ACL> acl) {
        this.acl = acl;
        this.aclBytes = acl.stream()
                .mapToInt(entry -> 3 * Integer.BYTES
                        + entry.getId().getScheme().length()
                        + entry.getId().getId().length())
                .sum();
    }

    /** Makes a znode, where none may be. */
    void create(String path, byte[] data) {
        operations.add(Op.create(path, data, acl, CreateMode.PERSISTENT));
        bytes += bytes(path, data);
    }

    /** Changes a znode that was read. */
    void set(String path, byte[] data, int version) {
        operations.add(Op.setData(path, data, version));
        bytes += bytes(path, data);
    }

    /** Makes a znode that was not there, or changes it. */
    void put(String path, byte[] data, @Nullable Node before) {
        if (before == null) {
            create(path, data);
        } else {
            set(path, data, before.version());
        }
    }

    void delete(String path, int version) {
        operations.add(Op.delete(path, version));
        bytes += bytes(path, new byte[0]);
    }

    /** Asks for a znode to be there. */
    void check(String path) {
        operations.add(Op.check(path, -1));
        bytes += bytes(path, new byte[0]);
    }

    List<Op> operations() {
        return operations;
    }

    private long bytes(String path, byte[] data) {
        return (long) OPERATION_BYTES + aclBytes + path.length() + data.length;
    }

    /** About how many bytes they take in a request. */
    long bytes() {
        return bytes;
    }
}
