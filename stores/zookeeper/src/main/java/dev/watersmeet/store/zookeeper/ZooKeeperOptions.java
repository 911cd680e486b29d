package dev.watersmeet.store.zookeeper;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.common.PathUtils;
import org.apache.zookeeper.data.ACL;

/**
 * How a store uses an ensemble. All servers that share a root have the same options, and authenticate as the same.
 *
 * @param root the path below which all znodes are, which is made where it is missing
 * @param acl who may do what with the znodes that the store makes
 * @param bounds how much it keeps
 */
public record ZooKeeperOptions(String root, List<ACL> acl, Bounds bounds) {
    private static final int MAX_ROOT_LENGTH = 40; // it is in every operation of a request

    public ZooKeeperOptions {
        acl = List.copyOf(acl);
        requireNonNull(bounds);
        PathUtils.validatePath(root);
        if (root.length() < 2 || root.length() > MAX_ROOT_LENGTH) {
            throw new IllegalArgumentException("a store has a root of its own, such as /watersmeet, of at most "
                    + MAX_ROOT_LENGTH + " characters: " + root);
        }
        if (acl.isEmpty()) {
            throw new IllegalArgumentException("an access control list says who may read and write");
        }
    }

    /** The root {@code /watersmeet}, of which everything is for who has made it: the session has to be authenticated, by digest, SASL or a certificate. */
    public static ZooKeeperOptions defaults() {
        return new ZooKeeperOptions("/watersmeet", ZooDefs.Ids.CREATOR_ALL_ACL, Bounds.defaults());
    }

    /** The list in the form that ZooKeeper's client takes: it asks whether null is in it, which unmodifiable lists refuse. */
    List<ACL> aclForClient() {
        return new ArrayList<>(acl);
    }

    /** The same below another root. */
    public ZooKeeperOptions withRoot(String path) {
        return new ZooKeeperOptions(path, acl, bounds);
    }

    /** The same for others. */
    public ZooKeeperOptions withAcl(List<ACL> other) {
        return new ZooKeeperOptions(root, other, bounds);
    }

    /** The same, where whoever reaches the ensemble may read and write everything. */
    public ZooKeeperOptions worldWritable() {
        return withAcl(ZooDefs.Ids.OPEN_ACL_UNSAFE);
    }

    /** The same with other bounds. */
    public ZooKeeperOptions withBounds(Bounds other) {
        return new ZooKeeperOptions(root, acl, other);
    }
}
