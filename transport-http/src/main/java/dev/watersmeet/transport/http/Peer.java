package dev.watersmeet.transport.http;

import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Another server, which a thread of its own tells what has changed: at once, and what changes meanwhile together. Thread-safe. */
final class Peer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Peer.class);

    /** How many names wait to be told. Of others the peer finds out by itself. */
    static final int MOST_SPACES = 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Between two messages: so that a peer gets at most a hundred a second. */
    private static final Duration PAUSE = Duration.ofMillis(10);

    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(500);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

    private final HttpClient http;
    private final URI address;
    private final String secret;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition isPending = lock.newCondition();
    private final Set<SpaceId> pending = new LinkedHashSet<>();

    private Peer(HttpClient http, URI address, String secret) {
        this.http = http;
        this.address = address;
        this.secret = secret;
        this.thread = new Thread(this::run, "watersmeet-peer-" + address.getAuthority());
        thread.setDaemon(true);
    }

    static Peer start(HttpClient http, URI address, String secret) {
        Peer peer = new Peer(http, address, secret);
        peer.thread.start();
        return peer;
    }

    /** Has the peer told soon. Returns at once. */
    void tell(SpaceId space) {
        lock.lock();
        try {
            if (pending.size() < MOST_SPACES && pending.add(space)) {
                isPending.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Duration backOff = Duration.ZERO;
        try {
            while (true) {
                boolean told = tryToSend(next(), backOff.isZero());
                if (told && !backOff.isZero()) {
                    log.info("peer {} is told again", address);
                }
                backOff = told ? Duration.ZERO : longer(backOff);
                Thread.sleep((told ? PAUSE : backOff).toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed: nobody is told any more
        }
    }

    private static Duration longer(Duration backOff) {
        Duration doubled = backOff.isZero() ? FIRST_BACK_OFF : backOff.multipliedBy(2);
        return doubled.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : doubled;
    }

    private List<SpaceId> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (pending.isEmpty()) {
                isPending.await();
            }
            List<SpaceId> next = new ArrayList<>(pending);
            pending.clear();
            return next;
        } finally {
            lock.unlock();
        }
    }

    private boolean tryToSend(List<SpaceId> spaces, boolean wasTold) throws InterruptedException {
        try {
            return send(spaces, wasTold);
        } catch (RuntimeException e) { // or the thread would end, and nobody notice
            log.error("telling peer {} has failed", address, e);
            return false;
        }
    }

    /** Whether the peer has heard. */
    private boolean send(List<SpaceId> spaces, boolean wasTold) throws InterruptedException {
        Value message =
                Value.of(Map.of("spaces", spaces.stream().map(SpaceId::name).toList()));
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(message.text()))
                .build();
        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            int status = answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            if (status == WakeUpServlet.HEARD) {
                return true;
            }
            failed(wasTold, "it answers with status " + status + (status == 401 ? ": its secret is another" : ""));
        } catch (ExecutionException e) {
            failed(wasTold, String.valueOf(e.getCause() instanceof IOException cause ? cause : e));
        } catch (TimeoutException e) {
            failed(wasTold, "it has not answered within " + PATIENCE.toSeconds() + " s");
        } finally {
            answer.cancel(true);
        }
        return false;
    }

    private void failed(boolean wasTold, String why) {
        if (wasTold) {
            log.warn("peer {} is not told what changes, and finds out later by itself: {}", address, why);
        } else {
            log.debug("peer {} is still not told: {}", address, why);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
