package dev.watersmeet.server;

import dev.watersmeet.transport.http.Authenticator;
import dev.watersmeet.transport.http.HttpLimits;
import dev.watersmeet.transport.http.Limit;

/**
 * What a server is started with, beside its store.
 *
 * @param host the address to listen at
 * @param port the port; 0 takes a free one
 * @param tenants who was given a token at the start, and the demo
 * @param authenticator all whose tokens stand, the tenants among them
 * @param limits what requests may cost
 */
record Settings(String host, int port, Tenants tenants, Authenticator authenticator, HttpLimits limits) {
    /** The host where nobody else can reach the server. */
    static final String LOCAL_HOST = "127.0.0.1";

    Settings {
        if (limits.of(Limit.IDLE_TIME) <= limits.of(Limit.HEARTBEAT)) {
            throw new IllegalArgumentException("the limit " + Limit.IDLE_TIME.text() + " has to be above "
                    + Limit.HEARTBEAT.text() + ", or every live feed is cut");
        }
    }

    /** Settings for tenants on this machine. */
    static Settings of(Tenants tenants) {
        return new Settings(LOCAL_HOST, 0, tenants, tenants.authenticator(), HttpLimits.defaults());
    }

    Settings with(HttpLimits changed) {
        return new Settings(host, port, tenants, authenticator, changed);
    }
}
