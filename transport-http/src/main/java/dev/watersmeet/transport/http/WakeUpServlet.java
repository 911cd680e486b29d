package dev.watersmeet.transport.http;

import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.sync.Grants;
import dev.watersmeet.sync.Principal;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hears from peers which spaces they have changed: {@code {"spaces":["shop-7"]}}, with their secret as the bearer token. Whoever has it can wake, and nothing else. */
final class WakeUpServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    static final int HEARD = HttpServletResponse.SC_NO_CONTENT;

    private static final HttpLimits LIMITS =
            HttpLimits.defaults().with(Limit.BODY_BYTES, 256 << 10).with(Limit.INFLATED_BODY_BYTES, 256 << 10);
    private static final long ALL_BODIES_BYTES = 4 << 20;

    private final transient Authenticator authenticator;
    private final transient Consumer<SpaceId> wake;
    private final transient Bodies bodies = new Bodies(ALL_BODIES_BYTES);

    /** @param wake called for each space, on the thread of the request; returns at once */
    WakeUpServlet(Authenticator authenticator, Consumer<SpaceId> wake) {
        this.authenticator = authenticator;
        this.wake = wake;
    }

    static StaticTokens tokens(String secret) {
        return StaticTokens.of(Map.of(secret, new Principal("peer", Grants.of(Map.of()))));
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            if (!request.getMethod().equals("POST")) {
                response.setHeader("Allow", "POST");
                throw ProblemException.of(ProblemCode.METHOD_NOT_ALLOWED, "only POST is allowed here");
            }
            Arrival arrival = Arrival.of(request);
            if (arrival == null) {
                Principal peer = Caller.of(request, authenticator).principal();
                Bodies.Lease memory = bodies.lease(peer);
                Arrival.begin(request, LIMITS, memory, memory::giveBack);
            } else {
                spaces(arrival).forEach(wake);
                Answer.protect(response);
                response.setStatus(HEARD);
            }
        } catch (RateLimitedException e) {
            Answer.problem(request, response, e.problem(), e.retryAfterSeconds());
        } catch (RuntimeException e) {
            Problem problem = Failures.problem(e, "what a peer has told");
            Answer.problem(request, response, problem);
        }
    }

    private static Set<SpaceId> spaces(Arrival arrival) {
        try {
            RequestBody body = arrival.body();
            if (body.form() != MessageForm.JSON) {
                throw ProblemException.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "the body has to be JSON in UTF-8");
            }
            return spaces(Value.parse(new String(body.bytes(), StandardCharsets.UTF_8)));
        } finally {
            arrival.memory().giveBack();
        }
    }

    private static Set<SpaceId> spaces(Value message) {
        @Nullable Value names = message.isRecord() ? message.fields().get("spaces") : null;
        if (names == null || !names.isArray()) {
            throw ProblemException.of(ProblemCode.MALFORMED, "a message of a peer is as {\"spaces\":[\"shop-7\"]}");
        }
        List<Value> elements = names.elements();
        if (elements.size() > Peer.MOST_SPACES) {
            throw ProblemException.of(
                    ProblemCode.TOO_LARGE, "a message of a peer is of at most " + Peer.MOST_SPACES + " spaces");
        }
        Set<SpaceId> spaces = new HashSet<>();
        for (Value element : elements) {
            if (!(element.toJava() instanceof String name)) {
                throw ProblemException.of(ProblemCode.MALFORMED, "a space's name is a string");
            }
            spaces.add(SpaceId.of(name));
        }
        return spaces;
    }
}
