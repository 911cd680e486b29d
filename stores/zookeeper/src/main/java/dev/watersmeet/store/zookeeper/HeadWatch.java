package dev.watersmeet.store.zookeeper;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Watchers;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.watch.PersistentWatcher;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.WatchedEvent;

/** Wakes the listeners of spaces whose heads are changed by anyone, and all listeners when the connection was lost: what happened meanwhile nobody tells. */
final class HeadWatch implements AutoCloseable {
    private final CuratorFramework client;
    private final String prefix;
    private final Watchers watchers;
    private final PersistentWatcher watcher;
    private final ConnectionStateListener connection = this::changed;

    HeadWatch(CuratorFramework client, Paths paths, Watchers watchers) {
        this.client = client;
        this.prefix = paths.heads() + "/";
        this.watchers = watchers;
        this.watcher = new PersistentWatcher(client, paths.heads(), true);
        watcher.getListenable().addListener(this::heard);
        watcher.getResetListenable().addListener(watchers::wakeAll);
    }

    void start() {
        client.getConnectionStateListenable().addListener(connection);
        watcher.start();
    }

    private void heard(WatchedEvent event) {
        String path = event.getPath();
        if (path == null || !path.startsWith(prefix)) {
            return;
        }
        try {
            watchers.wake(SpaceId.of(path.substring(prefix.length())));
        } catch (MalformedException e) {
            // nobody of ours has made it
        }
    }

    private void changed(CuratorFramework of, ConnectionState state) {
        if (state == ConnectionState.RECONNECTED) {
            watchers.wakeAll();
        }
    }

    @Override
    public void close() {
        client.getConnectionStateListenable().removeListener(connection);
        watcher.close();
    }
}
