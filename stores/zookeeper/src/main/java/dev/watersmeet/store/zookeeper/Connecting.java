package dev.watersmeet.store.zookeeper;

import dev.watersmeet.store.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;

/** The first connection of a client. */
final class Connecting {
    private Connecting() {}

    /**
     * Starts a client, and waits until it is answered: credentials of SASL are refused after the client was connected.
     *
     * @throws StoreException of kind {@code UNAVAILABLE} if it is not in time, {@code UNUSABLE} if its credentials are not taken
     */
    static void start(CuratorFramework client) {
        CompletableFuture<Boolean> answered = new CompletableFuture<>(); // false if the credentials are refused
        client.getConnectionStateListenable().addListener((own, state) -> {
            if (state.isConnected() && !answered.isDone()) {
                ask(own, answered);
            }
        });
        client.getCuratorListenable().addListener((own, event) -> {
            if (event.getWatchedEvent() != null && event.getWatchedEvent().getState() == KeeperState.AuthFailed) {
                answered.complete(false);
            }
        });
        client.start();
        int patience = client.getZookeeperClient().getConnectionTimeoutMs();
        String servers = client.getZookeeperClient().getCurrentConnectionString();
        try {
            if (!answered.get(patience, TimeUnit.MILLISECONDS)) {
                throw Ensemble.credentialsRefused(null);
            }
        } catch (TimeoutException e) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE,
                    "no connection to ZooKeeper at " + servers + " within " + patience
                            + " milliseconds: are the addresses, the authentication and, where it speaks TLS, the"
                            + " certificates right?",
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "interrupted while connecting to ZooKeeper", e);
        }
    }

    /** Asks anything. Who is not let in gets no answer. */
    private static void ask(CuratorFramework client, CompletableFuture<Boolean> answered) {
        try {
            client.checkExists()
                    .inBackground((own, event) -> {
                        if (event.getResultCode() != Code.CONNECTIONLOSS.intValue()
                                && event.getResultCode() != Code.AUTHFAILED.intValue()) {
                            answered.complete(true);
                        }
                    })
                    .forPath("/");
        } catch (Exception e) {
            answered.completeExceptionally(e);
        }
    }
}
