package dev.watersmeet.transport.http;

import dev.watersmeet.sync.Principal;
import jakarta.servlet.http.HttpServletRequest;

/** A request that may be answered: who asks for what, its place among those of its principal, and its memory. Closed when the answer has gone. For one thread at a time. */
final class Admission implements AutoCloseable {
    private static final String ATTRIBUTE = Admission.class.getName();

    private final Caller caller;
    private final Route route;
    private final Rates rates;
    private final Places places;
    private final Bodies.Lease memory;
    private boolean closed;

    /**
     * Admits a request.
     *
     * @throws RateLimitedException if it is one too many
     */
    Admission(Caller caller, Route route, Rates rates, Places places, Bodies bodies) {
        this.caller = caller;
        this.route = route;
        this.rates = rates;
        this.places = places;
        rates.request(caller.principal());
        this.memory = bodies.lease(caller.principal());
        places.take(caller.principal());
    }

    Caller caller() {
        return caller;
    }

    Principal principal() {
        return caller.principal();
    }

    Route route() {
        return route;
    }

    Bodies.Lease memory() {
        return memory;
    }

    /** Remembers this with a request that comes again when its body has. */
    void remain(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /** The admission of a request whose body has come. */
    static Admission of(HttpServletRequest request) {
        return (Admission) request.getAttribute(ATTRIBUTE);
    }

    /** Counts what was read of the body: of one that is refused, too. Called once, when no more of it is read. */
    void count() {
        rates.bytes(principal(), memory.read());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memory.giveBack();
            places.release(principal());
        }
    }
}
