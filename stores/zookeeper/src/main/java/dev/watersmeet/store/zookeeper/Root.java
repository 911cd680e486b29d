package dev.watersmeet.store.zookeeper;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.watersmeet.store.StoreException;
import java.util.Arrays;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/** The znodes that all others are below. */
final class Root {
    private static final byte[] FORMAT = "watersmeet 1".getBytes(US_ASCII);
    private static final int WRITES =
            ZooDefs.Perms.WRITE | ZooDefs.Perms.CREATE | ZooDefs.Perms.DELETE | ZooDefs.Perms.ADMIN;

    private Root() {}

    /**
     * Makes what is missing.
     *
     * @throws StoreException of kind {@code UNUSABLE} if what is there is not a store's, or is for anybody though it should not be
     */
    static void prepare(CuratorFramework client, Ensemble ensemble, Paths paths, List<ACL> acl) {
        ensemble.calling(() -> {
            ZooKeeper zooKeeper = client.getZookeeperClient().getZooKeeper();
            String root = paths.root();
            for (int end = root.indexOf('/', 1); end > 0; end = root.indexOf('/', end + 1)) {
                create(zooKeeper, root.substring(0, end), new byte[0], acl);
            }
            create(zooKeeper, root, FORMAT, acl);
            check(zooKeeper, root, acl);
            create(zooKeeper, paths.heads(), new byte[0], acl);
            create(zooKeeper, paths.data(), new byte[0], acl);
            return root;
        });
    }

    private static void create(ZooKeeper zooKeeper, String path, byte[] data, List<ACL> acl)
            throws KeeperException, InterruptedException {
        if (zooKeeper.exists(path, false) != null) {
            return;
        }
        try {
            zooKeeper.create(path, data, acl, CreateMode.PERSISTENT);
        } catch (KeeperException.NodeExistsException e) {
            // another server was faster
        } catch (KeeperException.NoNodeException e) {
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "the path that ends the connect string does not exist in ZooKeeper: create it, or use a root",
                    e);
        }
    }

    private static void check(ZooKeeper zooKeeper, String root, List<ACL> acl)
            throws KeeperException, InterruptedException {
        byte[] format = zooKeeper.getData(root, false, null);
        if (!Arrays.equals(format, FORMAT)) {
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    root + " in ZooKeeper is not a store of this version, but somebody else's: use another root");
        }
        if (!writesByAnyone(acl) && writesByAnyone(zooKeeper.getACL(root, new Stat()))) {
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "whoever reaches ZooKeeper may write to " + root
                            + ": give it to this server alone (zkCli.sh: setAcl -R), or say that anybody may write");
        }
    }

    private static boolean writesByAnyone(List<ACL> acl) {
        return acl.stream()
                .anyMatch(entry ->
                        entry.getId().equals(ZooDefs.Ids.ANYONE_ID_UNSAFE) && (entry.getPerms() & WRITES) != 0);
    }
}
