package dev.watersmeet.sync;

import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SyncRequest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A replica that numbers its pushes as it should. */
final class Pusher {
    final ReplicaId id;
    final Principal principal;
    private final ServerUnderTest server;
    private long number;
    private @Nullable String nonce;

    Pusher(ServerUnderTest server, Principal principal, long id) {
        this.server = server;
        this.principal = principal;
        this.id = new ReplicaId(id);
    }

    /** Any nonce: the same for the same number. */
    static String nonce(long number) {
        return new Stamp(number, new ReplicaId(0)).toString();
    }

    /** The push that comes next. */
    Push next(PushedDocument... documents) {
        return new Push(number + 1, nonce(number + 1), nonce, List.of(documents));
    }

    /** Sends the push that comes next, which has to be accepted. */
    PushOutcome push(PushedDocument... documents) {
        Push push = next(documents);
        PushOutcome outcome = send(push);
        number = push.number();
        nonce = push.nonce();
        return outcome;
    }

    PushOutcome send(Push push) {
        return send(push, cursor());
    }

    /** A cursor of now, as the principal is told it. */
    String cursor() {
        return server.engine
                .snapshot(principal, ServerUnderTest.SPACE, id, null)
                .cursor();
    }

    PushOutcome send(Push push, @Nullable String cursor) {
        return Objects.requireNonNull(server.engine
                .sync(principal, ServerUnderTest.SPACE, new SyncRequest(id, cursor, false, push))
                .push());
    }
}
