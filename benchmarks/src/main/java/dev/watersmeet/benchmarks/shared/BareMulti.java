package dev.watersmeet.benchmarks.shared;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;

/** Documents, and an entry of a log that has them once more, by one transaction of ZooKeeper for each batch. Thread-safe. */
final class BareMulti {
    private static final String ROOT = "/bare";
    private static final int PARENTS = 16; // ours has as many

    private final CuratorFramework client;
    private final AtomicInteger batches = new AtomicInteger();

    BareMulti(CuratorFramework client) {
        this.client = client;
        List<Op> parents = new ArrayList<>(List.of(create(ROOT, new byte[0])));
        for (int i = 0; i < PARENTS; i++) {
            parents.add(create(parent(i), new byte[0]));
        }
        commit(parents);
    }

    private static String parent(int number) {
        return ROOT + "/" + number % PARENTS;
    }

    /** The bytes of each document. */
    static List<byte[]> prepare(List<DocumentCells> batch) {
        List<byte[]> documents = new ArrayList<>();
        for (DocumentCells document : batch) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(document.id().toString().getBytes(US_ASCII));
            document.cells().forEach((path, cell) -> {
                out.writeBytes(path.utf8());
                out.writeBytes(CellBytes.of(cell));
            });
            documents.add(out.toByteArray());
        }
        return documents;
    }

    void write(List<byte[]> documents) {
        int batch = batches.incrementAndGet();
        List<Op> operations = new ArrayList<>();
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        for (int i = 0; i < documents.size(); i++) {
            operations.add(create(parent(i) + "/" + batch + "-" + i, documents.get(i)));
            entry.writeBytes(documents.get(i));
        }
        operations.add(create(ROOT + "/entry" + batch, entry.toByteArray()));
        commit(operations);
    }

    private static Op create(String path, byte[] data) {
        return Op.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private void commit(List<Op> operations) {
        try {
            client.getZookeeperClient().getZooKeeper().multi(operations);
        } catch (Exception e) {
            throw new IllegalStateException("a transaction failed", e);
        }
    }
}
