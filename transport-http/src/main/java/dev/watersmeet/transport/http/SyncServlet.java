package dev.watersmeet.transport.http;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.sync.SyncEngine;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP side of the engine: {@code spaces/{space}/sync}, {@code /snapshot} and {@code /changes} (P-2, P-12, P-13), under the path where it is mapped, which is {@code /v1/*}.
 *
 * <p>It has to be registered with support for asynchronous requests: live feeds hold a connection, but no thread. {@link #destroy()} ends them; the engine stays the caller's.
 *
 * <p>Every failure is answered as a problem (P-14).
 */
public final class SyncServlet extends HttpServlet {
    /** How often an idle live feed says that it is alive, unless it is set otherwise: the format asks for at least every 20 s (P-13). */
    public static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(15);

    /**
     * How long a live feed lasts, about, unless it is set otherwise: a fifth more or less, so that those who came together do not come again together. Who asked for it is authenticated when it begins,
     * so this is how long somebody goes on reading whose token no longer stands.
     */
    public static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(10);

    /** The greatest number of live feeds. Each costs a connection, and about a kilobyte while it is idle. */
    public static final int MAX_FEEDS = 10_000;

    /** The greatest number of live feeds of one principal: of all who have its name, on all their devices. */
    public static final int MAX_FEEDS_OF_PRINCIPAL = 64;

    private static final long serialVersionUID = 1L;

    private final transient SyncEngine engine;
    private final transient Authenticator authenticator;
    private final transient LiveFeeds feeds;

    /** A servlet over an engine. */
    public SyncServlet(SyncEngine engine, Authenticator authenticator) {
        this(engine, authenticator, DEFAULT_HEARTBEAT);
    }

    /** A servlet over an engine, whose idle live feeds say every so often that they are alive. */
    public SyncServlet(SyncEngine engine, Authenticator authenticator, Duration heartbeat) {
        this(engine, authenticator, heartbeat, DEFAULT_LIFETIME);
    }

    /**
     * A servlet over an engine, whose live feeds say every so often that they are alive, and end after a while, for the client to go on with a new one.
     *
     * @param heartbeat how often an idle live feed says that it is alive, at least every 20 s (P-13)
     * @param lifetime how long a live feed lasts, a fifth more or less; it ends with the next heartbeat after that
     * @throws IllegalArgumentException if one of them is not positive
     */
    public SyncServlet(SyncEngine engine, Authenticator authenticator, Duration heartbeat, Duration lifetime) {
        this(engine, authenticator, heartbeat, lifetime, new Places(MAX_FEEDS, MAX_FEEDS_OF_PRINCIPAL));
    }

    SyncServlet(SyncEngine engine, Authenticator authenticator, Duration heartbeat, Duration lifetime, Places places) {
        this.engine = requireNonNull(engine);
        this.authenticator = requireNonNull(authenticator);
        this.feeds = new LiveFeeds(engine, heartbeat, lifetime, places);
    }

    /** The number of live feeds that are open. */
    public int openFeeds() {
        return feeds.open();
    }

    /** Ends all live feeds and refuses new ones. Doing so twice does nothing. */
    @Override
    public void destroy() {
        feeds.close();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            answer(request, response);
        } catch (RuntimeException e) {
            if (response.isCommitted()) {
                throw e;
            }
            response.reset();
            Answer.problem(request, response, Failures.problem(e, "a request"));
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Route> route = Route.of(request.getPathInfo());
        if (route.isEmpty()) {
            Answer.problem(request, response, Problem.of(ProblemCode.NOT_FOUND, "there is nothing at this path"));
            return;
        }
        Route.Resource resource = route.get().resource();
        if (!resource.method().equals(request.getMethod())) {
            response.setHeader("Allow", resource.method());
            Answer.problem(
                    request,
                    response,
                    Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "only " + resource.method() + " is allowed here"));
            return;
        }
        Principal principal = principal(request);
        SpaceId space = SpaceId.of(route.get().space());
        switch (resource) {
            case SYNC -> sync(request, response, principal, space);
            case SNAPSHOT -> snapshot(request, response, principal, space);
            case CHANGES -> changes(request, response, principal, space);
        }
    }

    private Principal principal(HttpServletRequest request) {
        return BearerToken.parse(request.getHeader("Authorization"))
                .flatMap(authenticator::authenticate)
                .orElseThrow(() -> ProblemException.of(
                        ProblemCode.UNAUTHENTICATED, "the request has no bearer token, or one that does not stand"));
    }

    private void sync(HttpServletRequest request, HttpServletResponse response, Principal principal, SpaceId space)
            throws IOException {
        SyncAnswer answer = engine.sync(principal, space, RequestBody.read(request, MergeFormat::readSyncRequest));
        MessageForm form = Answer.form(request);
        Answer.message(request, response, form, MergeFormat.writeSyncAnswer(answer, form));
    }

    private void snapshot(HttpServletRequest request, HttpServletResponse response, Principal principal, SpaceId space)
            throws IOException {
        ReplicaId replica = ReplicaId.parse(required(parameter(request, "replica"), "replica"));
        String position = parameter(request, "position");
        SnapshotPage page = engine.snapshot(principal, space, replica, position);
        MessageForm form = Answer.form(request);
        Answer.message(request, response, form, MergeFormat.writeSnapshotPage(page, form));
    }

    private void changes(HttpServletRequest request, HttpServletResponse response, Principal principal, SpaceId space)
            throws IOException {
        String resumed = request.getHeader("Last-Event-ID");
        String cursor =
                required(resumed == null || resumed.isBlank() ? parameter(request, "cursor") : resumed, "cursor");
        if (acceptsEvents(request.getHeader("Accept"))) {
            feeds.begin(request, response, principal, space, cursor);
        } else {
            Page page = engine.changes(principal, space, cursor);
            MessageForm form = Answer.form(request);
            Answer.message(request, response, form, MergeFormat.writePage(page, form));
        }
    }

    private static @Nullable String parameter(HttpServletRequest request, String name) {
        try {
            return request.getParameter(name);
        } catch (RuntimeException e) { // of a class of the container's own
            throw ProblemException.of(ProblemCode.MALFORMED, "the query of the request cannot be decoded");
        }
    }

    private static String required(@Nullable String parameter, String name) {
        if (parameter == null) {
            throw ProblemException.of(ProblemCode.MALFORMED, "the parameter " + name + " is missing");
        }
        return parameter;
    }

    private static boolean acceptsEvents(@Nullable String accept) {
        return accept != null && accept.toLowerCase(Locale.ROOT).contains(LiveFeeds.MEDIA_TYPE);
    }
}
