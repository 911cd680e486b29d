package dev.watersmeet.client;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.TimeSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A replica of a space for JVM programs: documents are read and edited locally, and {@link #sync()} exchanges them with a server over HTTP.
 *
 * <p><strong>Everything is held in memory.</strong> Edits that are still pending when the process ends are lost; so call {@link #sync()} before {@link #close()}, which does not. Each client is a
 * new replica with a random id, and begins with a snapshot of the whole space.
 *
 * <p>Thread-safe. Edits never wait for the network: an exchange holds no lock that they need. Stamps follow the server's clock, whose offset is measured at each contact; what was edited before the
 * first one carries this machine's time, and is given a stamp of the server's time if that was ahead and nobody has seen it.
 *
 * <pre>{@code
 * try (ReplicaClient shop = ReplicaClient.of(URI.create("http://127.0.0.1:8080/v1"), "shop-7", () -> token)
 *         .collection("todos", CollectionSchema.of(Map.of("tags", FieldType.SET)))
 *         .open()) {
 *     shop.sync();
 *     shop.collection("todos").edit("t1", todo -> todo.put("done", true));
 *     shop.sync();
 * }
 * }</pre>
 */
public final class ReplicaClient implements AutoCloseable {
    /** How long an answer may take, unless it is set otherwise. */
    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final ReentrantLock exchanging = new ReentrantLock();
    private final Replica replica;
    private final Exchange exchange;
    private volatile boolean closed;

    private ReplicaClient(Builder builder) {
        ServerTime time = new ServerTime(builder.time);
        HttpClient http = builder.http == null ? defaultHttpClient() : builder.http;
        this.replica = new Replica(builder.schema, time, builder.random);
        Transport transport =
                new Transport(http, builder.url, builder.space, builder.token, builder.requestTimeout, time);
        ServerSchema server = new ServerSchema(builder.schema, transport, builder.schemas);
        this.exchange = new Exchange(replica, transport, server, builder.conflicts);
    }

    /** There is one request at a time, which HTTP/2 cannot make faster; over plain connections it would try an upgrade. */
    private static HttpClient defaultHttpClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /**
     * Begins to build a replica.
     *
     * @param url the server's address with the version: {@code https://example.com/v1}
     * @param space the space's name
     * @param token the bearer token; asked for before each request, by the thread that calls {@link #sync()}
     */
    public static Builder of(URI url, String space, Supplier<String> token) {
        return new Builder(url, space, token);
    }

    /** The documents of a collection. One that was not declared is a collection of registers. */
    public Documents collection(String name) {
        requireOpen();
        return new Documents(replica, requireNonNull(name));
    }

    /**
     * Exchanges with the server: settles what was on its way, reads everything that was not read yet, and pushes what was pending when this was called. Calls of several threads run one after the
     * other.
     *
     * <p>Whatever it throws, nothing is lost: what is not settled stays pending, and the next call goes on where this one stopped. Edits that the server refuses do not make it fail; they are {@link
     * #rejected()}.
     *
     * @throws dev.watersmeet.format.ProblemException if the server refuses the exchange; its code says whether time or a new token helps. {@code replica-bound} is final: go on with a new client
     * @throws java.io.UncheckedIOException if the server cannot be reached or does not answer in time or understandably, or the thread is interrupted
     */
    public void sync() {
        exchanging.lock();
        try {
            requireOpen();
            exchange.run();
        } finally {
            exchanging.unlock();
        }
    }

    /** The number of documents with edits that are not settled. */
    public int pending() {
        return replica.pending();
    }

    /** The edits that were refused and taken back, oldest first, since {@link #takeRejected()}; at most the latest 10,000. */
    public List<RejectedEdit> rejected() {
        return replica.rejected();
    }

    /** Returns the edits that were refused, and keeps them no longer. */
    public List<RejectedEdit> takeRejected() {
        return replica.takeRejected();
    }

    /** The id under which this client writes. It takes another one where somebody else writes under the same: where the memory of a process was copied or put back (P-28). */
    public ReplicaId replica() {
        return replica.id();
    }

    /** Ends the client: no further {@link #sync()} begins. Does not exchange anything, and does not interrupt an exchange. */
    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
    }

    /** Builds a replica. */
    public static final class Builder {
        private final URI url;
        private final String space;
        private final Supplier<String> token;
        private Schema schema = Schema.empty();
        private @Nullable ConflictListener conflicts;
        private @Nullable SchemaListener schemas;
        private @Nullable HttpClient http;
        private Duration requestTimeout = DEFAULT_REQUEST_TIMEOUT;
        private @Nullable TimeSource time;
        private RandomGenerator random = new SecureRandom();

        private Builder(URI url, String space, Supplier<String> token) {
            this.url = requireNonNull(url);
            this.space = requireNonNull(space);
            this.token = requireNonNull(token);
            if (!url.isAbsolute() || url.getRawQuery() != null || url.getRawFragment() != null) {
                throw new IllegalArgumentException(
                        "a server's address is an absolute URL without query and fragment: " + url);
            }
            if (space.isEmpty()) {
                throw new IllegalArgumentException("a space has a name");
            }
        }

        /** Declares a collection. Others are collections of registers. */
        public Builder collection(String name, CollectionSchema schema) {
            this.schema = this.schema.with(requireNonNull(name), requireNonNull(schema));
            return this;
        }

        /** Declares the collections of a schema. Others are collections of registers. */
        public Builder schema(Schema declared) {
            declared.collections().forEach(this::collection);
            return this;
        }

        /** Who is told of edits that are lost because they met others. Without this nobody is; with it, an exchange that has something to push reads first, which is one request more. */
        public Builder onConflict(ConflictListener listener) {
            this.conflicts = requireNonNull(listener);
            return this;
        }

        /** Who is told where the server declares the collections otherwise than this replica. Without this nobody is. */
        public Builder onSchemaDifferences(SchemaListener listener) {
            this.schemas = requireNonNull(listener);
            return this;
        }

        /** The HTTP client, for proxies, certificates and pools. It stays the caller's. */
        public Builder httpClient(HttpClient client) {
            this.http = requireNonNull(client);
            return this;
        }

        /** How long an answer may take, from the request to the end of its body. */
        public Builder requestTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("a timeout is longer than nothing: " + timeout);
            }
            this.requestTimeout = timeout;
            return this;
        }

        /** The clock, for tests: also the one that measures how long answers take. */
        public Builder time(TimeSource source) {
            this.time = requireNonNull(source);
            return this;
        }

        /** The randomness of the replica's id and of nonces, for tests. */
        public Builder random(RandomGenerator generator) {
            this.random = requireNonNull(generator);
            return this;
        }

        /** The replica. It holds nothing until its first {@link ReplicaClient#sync()}. */
        public ReplicaClient open() {
            return new ReplicaClient(this);
        }
    }
}
