package dev.watersmeet.transport.http;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.format.FeedRequest;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.sync.SyncEngine;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP side of the engine: {@code spaces/{space}/sync}, {@code /snapshot}, {@code /changes} and {@code /schema} (P-2, P-12, P-13, P-25), and {@code feed} (P-20), under the path where it is mapped, which is {@code /v1/*}.
 *
 * <p>It has to be registered with support for asynchronous requests: bodies that come slowly, answers that are read slowly and live feeds hold a connection, but no thread. {@link #destroy()} ends them; the engine stays the caller's.
 *
 * <p>Every failure is answered as a problem (P-14). What requests may cost is bounded by {@link HttpLimits}: memory, threads, live feeds, and how much each principal may ask for.
 */
public final class SyncServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient SyncEngine engine;
    private final transient Authenticator authenticator;
    private final transient HttpLimits limits;
    private final transient Rates rates;
    private final transient Places requests;
    private final transient Bodies bodies;
    private final transient LiveFeeds feeds;

    /** A servlet over an engine, with the default limits. */
    public SyncServlet(SyncEngine engine, Authenticator authenticator) {
        this(engine, authenticator, HttpLimits.defaults());
    }

    /** A servlet over an engine, with its own limits. */
    public SyncServlet(SyncEngine engine, Authenticator authenticator, HttpLimits limits) {
        this(engine, authenticator, limits, InstantSource.system());
    }

    SyncServlet(SyncEngine engine, Authenticator authenticator, HttpLimits limits, InstantSource clock) {
        this.engine = requireNonNull(engine);
        this.authenticator = requireNonNull(authenticator);
        this.limits = requireNonNull(limits);
        this.rates = new Rates(limits, TimeMeter.SYSTEM_NANOTIME);
        this.requests = new Places("requests", Integer.MAX_VALUE, limits.intOf(Limit.REQUESTS_OF_PRINCIPAL));
        this.bodies = new Bodies(limits.of(Limit.BODIES_BYTES));
        this.feeds = new LiveFeeds(engine, authenticator, clock, limits, rates::forgetRested);
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
        } catch (RateLimitedException e) {
            response.reset();
            Answer.problem(request, response, e.problem(), e.retryAfterSeconds());
        } catch (RuntimeException e) {
            if (response.isCommitted()) {
                throw e;
            }
            response.reset();
            Answer.problem(request, response, Failures.problem(e, "a request"));
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.isAsyncSupported()) {
            throw new IllegalStateException("the servlet has to be registered with support for asynchronous requests");
        }
        if (Arrival.of(request) != null) {
            answer(request, response, Admission.of(request));
            return;
        }
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
        Admission admission = new Admission(Caller.of(request, authenticator), route.get(), rates, requests, bodies);
        if (resource.hasBody()) {
            receive(request, admission);
        } else {
            answer(request, response, admission);
        }
    }

    /** The request comes again when its body is there. */
    private void receive(HttpServletRequest request, Admission admission) throws IOException {
        boolean onItsWay = false;
        try {
            admission.remain(request);
            Arrival.begin(request, limits, admission.memory(), () -> {
                admission.count();
                admission.close();
            });
            onItsWay = true;
        } finally {
            if (!onItsWay) {
                admission.close();
            }
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, Admission admission)
            throws IOException {
        boolean onItsWay = false;
        try {
            byte[] body = answered(request, response, admission);
            admission.memory().giveBack(); // the body of the request
            if (body != null) {
                rates.bytes(admission.principal(), body.length);
                Duration most = limits.durationOf(Limit.ANSWER_TIME);
                onItsWay = Delivery.begin(request, response, body, admission.memory(), most, admission::close);
            }
        } finally {
            if (!onItsWay) {
                admission.close();
            }
        }
    }

    /** The body of the answer, whose headers are set; null if the response is a live feed. */
    private byte @Nullable [] answered(HttpServletRequest request, HttpServletResponse response, Admission admission)
            throws IOException {
        Caller caller = admission.caller();
        Route route = admission.route();
        Route.Resource resource = route.resource();
        if (!resource.hasBody()) {
            MergeFormat.checkProtocol(parameter(request, "protocol"));
        }
        return switch (resource) {
            case SYNC -> sync(request, response, admission);
            case SNAPSHOT -> snapshot(request, response, caller.principal(), route.spaceId());
            case CHANGES -> changes(request, response, caller, route.spaceId());
            case SCHEMA -> schema(request, response, caller.principal(), route.spaceId());
            case FEED -> {
                feed(request, response, admission);
                yield null;
            }
        };
    }

    private byte[] sync(HttpServletRequest request, HttpServletResponse response, Admission admission)
            throws IOException {
        RequestBody body = body(request, admission);
        SyncRequest sent = MergeFormat.readSyncRequest(body.bytes(), body.form());
        SyncAnswer answer = engine.sync(admission.principal(), admission.route().spaceId(), sent);
        MessageForm form = Answer.form(request);
        return Answer.message(request, response, form, MergeFormat.writeSyncAnswer(answer, form));
    }

    private byte[] snapshot(
            HttpServletRequest request, HttpServletResponse response, Principal principal, SpaceId space)
            throws IOException {
        ReplicaId replica = ReplicaId.parse(required(parameter(request, "replica"), "replica"));
        String position = parameter(request, "position");
        SnapshotPage page = engine.snapshot(principal, space, replica, position);
        MessageForm form = Answer.form(request);
        return Answer.message(request, response, form, MergeFormat.writeSnapshotPage(page, form));
    }

    private byte @Nullable [] changes(
            HttpServletRequest request, HttpServletResponse response, Caller caller, SpaceId space) throws IOException {
        String resumed = request.getHeader("Last-Event-ID");
        String cursor =
                required(resumed == null || resumed.isBlank() ? parameter(request, "cursor") : resumed, "cursor");
        if (acceptsEvents(request.getHeader("Accept"))) {
            feeds.begin(request, response, caller, space, cursor);
            return null;
        }
        Page page = engine.changes(caller.principal(), space, cursor);
        MessageForm form = Answer.form(request);
        return Answer.message(request, response, form, MergeFormat.writePage(page, form));
    }

    private byte[] schema(HttpServletRequest request, HttpServletResponse response, Principal principal, SpaceId space)
            throws IOException {
        byte[] schema = MergeFormat.writeSchema(engine.schema(principal, space));
        return Answer.message(request, response, MessageForm.JSON, schema);
    }

    private void feed(HttpServletRequest request, HttpServletResponse response, Admission admission)
            throws IOException {
        RequestBody body = body(request, admission);
        if (body.form() != MessageForm.JSON) {
            throw ProblemException.of(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "the body has to be " + MessageForm.JSON.mediaType() + " in UTF-8");
        }
        FeedRequest wanted = MergeFormat.readFeedRequest(body.bytes());
        long most = limits.of(Limit.SPACES_OF_FEED);
        if (wanted.spaces().size() > most) {
            throw ProblemException.of(ProblemCode.TOO_LARGE, "a live feed is of at most " + most + " spaces");
        }
        feeds.begin(request, response, admission.caller(), wanted.resumedAfter(request.getHeader("Last-Event-ID")));
    }

    /** The body that has come, which counts: one that is refused by what was read of it until then. */
    private static RequestBody body(HttpServletRequest request, Admission admission) {
        try {
            return requireNonNull(Arrival.of(request)).body();
        } finally {
            admission.count();
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
