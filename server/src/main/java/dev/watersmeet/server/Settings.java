package dev.watersmeet.server;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.transport.http.Authenticator;
import dev.watersmeet.transport.http.HttpLimits;
import dev.watersmeet.transport.http.Limit;
import java.util.Map;
import java.util.Optional;

/**
 * What a server is started with, beside its store.
 *
 * @param host the address to listen at
 * @param port the port; 0 takes a free one
 * @param tenants who was given a token at the start, and the demo
 * @param authenticator all whose tokens stand, the tenants among them
 * @param limits what requests may cost
 * @param schema the collections of all spaces
 * @param queries what the demo page may ask Drill, if there is one
 * @param demoKill whether the demo page may kill the server
 */
record Settings(
        String host,
        int port,
        Tenants tenants,
        Authenticator authenticator,
        HttpLimits limits,
        Schema schema,
        Optional<DemoQueries> queries,
        boolean demoKill) {
    /** The host where nobody else can reach the server. */
    static final String LOCAL_HOST = "127.0.0.1";

    /** The collection of the demo. */
    static final String DEMO_COLLECTION = "items";

    private static final CollectionSchema DEMO_ITEMS =
            CollectionSchema.of(Map.of("tags", FieldType.SET, "quantity", FieldType.COUNTER));

    Settings {
        if (limits.of(Limit.IDLE_TIME) <= limits.of(Limit.HEARTBEAT)) {
            throw new IllegalArgumentException("the limit " + Limit.IDLE_TIME.text() + " has to be above "
                    + Limit.HEARTBEAT.text() + ", or every live feed is cut");
        }
        if (tenants.hasDemo() && schema.declares(DEMO_COLLECTION)) {
            throw new IllegalArgumentException("the demo declares the collection " + DEMO_COLLECTION
                    + " itself: run it without a schema that does, or the schema without it");
        }
    }

    /** Settings for tenants on this machine. */
    static Settings of(Tenants tenants) {
        return new Settings(
                LOCAL_HOST,
                0,
                tenants,
                tenants.authenticator(),
                HttpLimits.defaults(),
                Schema.empty(),
                Optional.empty(),
                false);
    }

    /** The collections of all spaces, that of the demo among them. */
    Schema allCollections() {
        return tenants.hasDemo() ? schema.with(DEMO_COLLECTION, DEMO_ITEMS) : schema;
    }

    Settings with(HttpLimits changed) {
        return new Settings(host, port, tenants, authenticator, changed, schema, queries, demoKill);
    }
}
