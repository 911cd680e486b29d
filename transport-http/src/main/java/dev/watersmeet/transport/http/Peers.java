package dev.watersmeet.transport.http;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.store.Capability;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.Watchers;
import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * The other servers on the same store. Each is told by HTTP which spaces were changed through this one, so that it need not wait until it looks by itself; and whose servlet hears the same from them.
 *
 * <p>What is told is a hint, and nobody waits for it: it may get lost, and who hears it looks at the store. A peer that is slow, away or wrong costs a thread and a thousand names. All servers have one secret. It
 * allows to wake, and nothing else. Who is told of a server itself among its peers tells itself, which does no harm: all may have one list.
 */
public final class Peers implements AutoCloseable {
    /** The path at which each server has the {@linkplain #servlet() servlet}, below the address that its peers know. */
    public static final String PATH = "/peers/wake";

    /** How many other servers one tells. */
    public static final int MOST = 64;

    private static final int LEAST_SECRET_LENGTH = 32;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final StaticTokens tokens;
    private final List<Peer> peers;
    private final Watchers watchers = new Watchers();

    private Peers(StaticTokens tokens, List<Peer> peers) {
        this.tokens = tokens;
        this.peers = peers;
    }

    /**
     * Begins to tell other servers.
     *
     * @param addresses of the others, as {@code http://10.0.0.2:8080}; may be empty, for a server that only hears
     * @param secret that all have, at least 32 characters of a bearer token (RFC 6750)
     * @throws IllegalArgumentException if an address or the secret cannot be used; the message does not show the secret
     */
    public static Peers of(Collection<URI> addresses, String secret) {
        if (secret.length() < LEAST_SECRET_LENGTH || !BearerToken.isToken(secret)) {
            throw new IllegalArgumentException("the secret of peers has at least " + LEAST_SECRET_LENGTH
                    + " letters, digits, '-', '.', '_', '~', '+', '/', and has other characters or fewer");
        }
        if (addresses.size() > MOST) {
            throw new IllegalArgumentException("a server has at most " + MOST + " peers: " + addresses.size());
        }
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER) // the secret is for nobody else
                .build();
        List<URI> checked = addresses.stream().distinct().map(Peers::checked).toList();
        return new Peers(
                WakeUpServlet.tokens(secret),
                checked.stream()
                        .map(address -> Peer.start(http, address, secret))
                        .toList());
    }

    private static URI checked(URI address) {
        boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!http
                || address.getHost() == null
                || address.getRawUserInfo() != null
                || address.getRawQuery() != null
                || address.getRawFragment() != null) {
            throw new IllegalArgumentException("a peer is an address as http://10.0.0.2:8080: " + address);
        }
        String base = address.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + PATH);
    }

    /**
     * The same store, which tells the peers after each change, and whose watchers are woken by them. It is to be handed to the engine in the place of the other.
     *
     * @throws IllegalArgumentException if several servers cannot have that store
     */
    public Store on(Store store) {
        if (!store.capabilities().has(Capability.SHARED_BY_INSTANCES)) {
            throw new IllegalArgumentException("peers go with a store that several servers share");
        }
        return new PeerStore(store, this);
    }

    /** What hears the peers, to be mapped at {@link #PATH}. */
    public HttpServlet servlet() {
        return new WakeUpServlet(tokens, watchers::wake);
    }

    Watchers watchers() {
        return watchers;
    }

    /** Tells all peers soon that a space has changed. */
    void changed(SpaceId space) {
        requireNonNull(space);
        peers.forEach(peer -> peer.tell(space));
    }

    /** Ends the telling; what was not told yet is not told. */
    @Override
    public void close() {
        peers.forEach(Peer::close);
    }
}
