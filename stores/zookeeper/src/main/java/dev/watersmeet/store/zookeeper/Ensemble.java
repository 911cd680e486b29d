package dev.watersmeet.store.zookeeper;

import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.curator.RetryLoop;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * The few calls that are made of ZooKeeper. They block, and are tried again on a new connection or session as the client's retry policy says. Thread-safe.
 *
 * <p>What is read is as new as the call: each begins with a {@code sync}, for the server that is asked may be behind the leader.
 */
final class Ensemble {
    /** What a request has at most, of which 1,048,575 bytes are taken: for more, the connection is cut. */
    static final int MAX_REQUEST_BYTES = 1_040_000;

    private static final int DELETIONS_AT_ONCE = 500;

    private final CuratorFramework client;

    Ensemble(CuratorFramework client) {
        this.client = client;
    }

    /** A call of ZooKeeper that answers later. */
    @FunctionalInterface
    private interface Request<T> {
        void send(ZooKeeper zooKeeper, CompletableFuture<@Nullable T> answer);
    }

    /** A znode; null if there is none. */
    @Nullable
    Node get(String path) {
        return getAll(List.of(path)).get(0);
    }

    /** Znodes, in the order of their paths; null where there is none. */
    List<@Nullable Node> getAll(List<String> paths) {
        List<Request<Node>> requests = new ArrayList<>();
        for (String path : paths) {
            requests.add((zooKeeper, answer) -> zooKeeper.getData(
                    path,
                    false,
                    (code, of, context, data, stat) ->
                            complete(answer, code, of, () -> new Node(data, stat.getVersion())),
                    null));
        }
        return synced(requests);
    }

    /** How many bytes znodes hold, in the order of their paths; null where there is none. */
    List<@Nullable Integer> lengths(List<String> paths) {
        List<Request<Integer>> requests = new ArrayList<>();
        for (String path : paths) {
            requests.add((zooKeeper, answer) -> zooKeeper.exists(
                    path,
                    false,
                    (code, of, context, stat) -> complete(answer, code, of, () -> stat.getDataLength()),
                    null));
        }
        return synced(requests);
    }

    /** The names of a znode's children; none if there is no such znode. */
    List<String> children(String path) {
        return childrenOfAll(List.of(path)).get(0);
    }

    /** The names of the children of several znodes, in the order of their paths. */
    List<List<String>> childrenOfAll(List<String> paths) {
        List<Request<List<String>>> requests = new ArrayList<>();
        for (String path : paths) {
            requests.add((zooKeeper, answer) -> zooKeeper.getChildren(
                    path, false, (code, of, context, children) -> complete(answer, code, of, () -> children), null));
        }
        List<List<String>> all = new ArrayList<>();
        synced(requests).forEach(children -> all.add(children == null ? List.of() : children));
        return all;
    }

    /** How many children a znode has; 0 if there is no such znode. */
    int countChildren(String path) {
        Request<Stat> request = (zooKeeper, answer) -> zooKeeper.exists(
                path, false, (code, of, context, stat) -> complete(answer, code, of, () -> stat), null);
        @Nullable Stat stat = synced(List.of(request)).get(0);
        return stat == null ? 0 : stat.getNumChildren();
    }

    /** Deletes znodes that have no children, in any order; some may be gone. */
    void deleteAll(List<String> paths) {
        for (int from = 0; from < paths.size(); from += DELETIONS_AT_ONCE) {
            List<Request<Boolean>> requests = new ArrayList<>();
            for (String path : paths.subList(from, Math.min(paths.size(), from + DELETIONS_AT_ONCE))) {
                requests.add((zooKeeper, answer) -> zooKeeper.delete(
                        path, -1, (code, of, context) -> complete(answer, code, of, () -> true), null));
            }
            synced(requests);
        }
    }

    private <T> List<@Nullable T> synced(List<Request<T>> requests) {
        return calling(() -> {
            ZooKeeper zooKeeper = client.getZookeeperClient().getZooKeeper();
            CompletableFuture<@Nullable Boolean> sync = new CompletableFuture<>();
            zooKeeper.sync("/", (code, of, context) -> complete(sync, code, of, () -> true), null);
            List<CompletableFuture<@Nullable T>> answers = new ArrayList<>(requests.size());
            for (Request<T> request : requests) {
                CompletableFuture<@Nullable T> answer = new CompletableFuture<>();
                answers.add(answer);
                request.send(zooKeeper, answer);
            }
            await(sync);
            List<@Nullable T> values = new ArrayList<>(answers.size());
            for (CompletableFuture<@Nullable T> answer : answers) {
                values.add(await(answer));
            }
            return values;
        });
    }

    private static <T> void complete(CompletableFuture<@Nullable T> answer, int code, String path, Supplier<T> value) {
        KeeperException.Code result = KeeperException.Code.get(code);
        if (result == KeeperException.Code.OK) {
            answer.complete(value.get());
        } else if (result == KeeperException.Code.NONODE) {
            answer.complete(null);
        } else {
            answer.completeExceptionally(KeeperException.create(result, path));
        }
    }

    private static <T> @Nullable T await(CompletableFuture<@Nullable T> answer)
            throws KeeperException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KeeperException failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * What became of operations that are done as a whole or not at all.
     *
     * @param done whether they were seen to be done
     * @param sure whether they were not, if they were not seen to be: false if an attempt got no answer
     */
    record Outcome(boolean done, boolean sure) {}

    /** Does all of some operations, if the conditions of all are met. */
    Outcome commit(List<Op> operations) {
        int[] attempts = {0};
        return calling(() -> {
            attempts[0]++;
            try {
                client.getZookeeperClient().getZooKeeper().multi(operations);
                return new Outcome(true, true);
            } catch (KeeperException.BadVersionException
                    | KeeperException.NodeExistsException
                    | KeeperException.NoNodeException
                    | KeeperException.NotEmptyException e) {
                return new Outcome(false, attempts[0] == 1);
            }
        });
    }

    <T> T calling(Callable<T> call) {
        try {
            return RetryLoop.callWithRetry(client.getZookeeperClient(), call);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "interrupted while ZooKeeper was waited for", e);
        } catch (KeeperException e) {
            throw failure(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE, "ZooKeeper does not answer as it should: " + e.getMessage(), e);
        }
    }

    /** What is said where a client could not authenticate by SASL; who does so by digest is told when it uses a znode. */
    static StoreException credentialsRefused(@Nullable Throwable cause) {
        return new StoreException(
                StoreException.Kind.UNUSABLE,
                "ZooKeeper does not take this server's credentials: check the user and the password of SASL in the file"
                        + " that java.security.auth.login.config names, and for DIGEST-MD5 that zookeeper.fips-mode is"
                        + " false on both sides",
                cause);
    }

    private static StoreException failure(KeeperException e) {
        return switch (e.code()) {
            case AUTHFAILED -> credentialsRefused(e);
            case NOAUTH, INVALIDACL, SESSIONCLOSEDREQUIRESASLAUTH ->
                new StoreException(
                        StoreException.Kind.UNUSABLE,
                        "ZooKeeper refuses this server: " + e.getMessage()
                                + "; the znodes are for who made them, so all servers authenticate as the same, by digest or SASL",
                        e);
            case QUOTAEXCEEDED ->
                new StoreException(StoreException.Kind.UNAVAILABLE, "ZooKeeper has no room: " + e.getMessage(), e);
            default ->
                new StoreException(
                        StoreException.Kind.UNAVAILABLE,
                        "ZooKeeper does not answer as it should: " + e.getMessage(),
                        e);
        };
    }
}
