package dev.watersmeet.client;

import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.SchemaDifference;
import dev.watersmeet.format.ProblemException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after whether this replica declares what the server declares (P-25). Used by one thread at a time. */
final class ServerSchema {
    private static final Logger log = LoggerFactory.getLogger(ServerSchema.class);

    private final Schema own;
    private final Transport transport;
    private final @Nullable SchemaListener listener;
    private @Nullable String known;
    private List<SchemaDifference> told = List.of();

    /** @param listener null if nobody wants to know */
    ServerSchema(Schema own, Transport transport, @Nullable SchemaListener listener) {
        this.own = own;
        this.transport = transport;
        this.listener = listener;
    }

    /** Takes note of the fingerprint that an answer bears, and asks for the schema if it is a new one. */
    void noticed(@Nullable String fingerprint) {
        if (listener == null || fingerprint == null || fingerprint.equals(known)) {
            return;
        }
        List<SchemaDifference> differences;
        try {
            differences = fingerprint.equals(own.fingerprint()) ? List.of() : own.differencesFrom(transport.schema());
        } catch (ProblemException | UncheckedIOException e) {
            log.warn("the schema of the server could not be read, and is asked for again: {}", e.getMessage());
            return;
        }
        known = fingerprint;
        if (!differences.equals(told)) {
            told = differences;
            tell(listener, differences);
        }
    }

    /** A listener that throws is the application's own error: the exchange goes on. */
    private static void tell(SchemaListener listener, List<SchemaDifference> differences) {
        try {
            listener.onDifferences(differences);
        } catch (RuntimeException e) {
            log.error("the listener for the server's schema failed at {}", differences, e);
        }
    }
}
