package dev.watersmeet.store.zookeeper;

import static dev.watersmeet.store.zookeeper.Sample.SPACE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.Subscription;
import dev.watersmeet.store.tck.Pushes;
import dev.watersmeet.testing.zookeeper.CuttableNetwork;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two stores on one server: one by a network that breaks, in a session that expires. */
@Timeout(120)
class BrokenNetworkTest {
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final ReplicaId REPLICA = new ReplicaId(7);

    private CuttableNetwork network;
    private CuratorFramework client;
    private Store remote;
    private Store near;

    @BeforeEach
    void open() {
        network = CuttableNetwork.to(Servers.alone().servers().get(0).port());
        client = Servers.connect("127.0.0.1:" + network.port());
        ZooKeeperOptions options = ZooKeeperOptions.defaults().withRoot("/network" + MADE.incrementAndGet());
        remote = ZooKeeperStore.open(client, options);
        near = ZooKeeperStore.open(Servers.client(), options);
    }

    @AfterEach
    void close() {
        remote.close();
        near.close();
        client.close();
        network.close();
    }

    /** Ends the session as the servers do with one that they have not heard of for too long. */
    private void expireSession() throws Exception {
        ZooKeeper session = client.getZookeeperClient().getZooKeeper();
        new ZooKeeper(
                        Servers.alone().connectString(),
                        session.getSessionTimeout(),
                        event -> {},
                        session.getSessionId(),
                        session.getSessionPasswd())
                .close();
    }

    @Test
    void nothingAcknowledgedIsLostAndNothingIsTwice() throws Exception {
        Pushes pushes = Sample.pushesThrough(remote, near);
        pushes.awaitMore(50);
        for (int i = 0; i < 5; i++) {
            network.cutAnswersTo(Sample.SPACE.name().getBytes(US_ASCII));
            pushes.awaitMore(10);
            network.mend();
            pushes.awaitMore(20);
        }
        network.cut();
        pushes.awaitMore(30);
        network.mend();
        pushes.awaitMore(30);
        for (int i = 0; i < 3; i++) {
            expireSession();
            pushes.awaitMore(30);
        }
        int documents = pushes.end().size();
        assertThat(remote.count(SPACE)).isEqualTo(documents);
        assertThat(near.count(SPACE)).isEqualTo(documents);
    }

    @Test
    void aStepThatWasTakenThoughItsAnswerWasLostIsFoundOut() throws Exception {
        Mark mark = Sample.mark(REPLICA, 1);
        DocumentCells document = Sample.document("one", REPLICA, 1, Value.of("a push of which nobody hears"));

        afterLosingTheAnswer(
                "a push of which nobody hears".getBytes(US_ASCII),
                () -> remote.join(SPACE, Batch.of(List.of(document), mark).following(FormerMark.NONE)));
        afterLosingTheAnswer("nobody hears".getBytes(UTF_16BE), () -> assertThat(
                        remote.metadata(SPACE).compareAndSet("key", null, "nobody hears"))
                .isTrue());

        assertThat(near.mark(SPACE, REPLICA)).contains(mark);
        assertThat(near.metadata(SPACE).get("key")).contains("nobody hears");
    }

    /** Does something of which the connection is lost once it has been asked for. */
    private void afterLosingTheAnswer(byte[] part, Runnable action) throws Exception {
        network.cutAnswersTo(part);
        CompletableFuture<Void> done = CompletableFuture.runAsync(action);
        while (!network.isDeaf() && !done.isDone()) {
            Thread.sleep(10);
        }
        Cursor before = near.head(SPACE);
        near.join(SPACE, Batch.of(List.of(Sample.document(REPLICA, 2)))); // what was lost is not the last commit
        assertThat(near.head(SPACE)).isNotEqualTo(before);
        network.mend();
        done.get();
    }

    @Test
    @SuppressWarnings("try") // the subscription is held, not used
    void aListenerHearsOthersAgainAfterItsSessionHasExpired() throws Exception {
        Semaphore calls = new Semaphore(0);
        try (Subscription subscription = remote.watch(SPACE, calls::release)) {
            near.join(SPACE, Batch.of(List.of(Sample.document(REPLICA, 1))));
            assertThat(calls.tryAcquire(30, TimeUnit.SECONDS)).isTrue();

            expireSession();
            assertThat(calls.tryAcquire(30, TimeUnit.SECONDS))
                    .as("called when it is connected again, whatever was missed")
                    .isTrue();
            boolean called = false;
            for (int n = 2; n < 50 && !called; n++) {
                calls.drainPermits();
                near.join(SPACE, Batch.of(List.of(Sample.document(REPLICA, n))));
                called = calls.tryAcquire(1, TimeUnit.SECONDS);
            }
            assertThat(called).isTrue();
        }
    }
}
