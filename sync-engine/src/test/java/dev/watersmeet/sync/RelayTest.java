package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.NOW;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static dev.watersmeet.sync.ServerUnderTest.edit;
import static dev.watersmeet.sync.ServerUnderTest.id;
import static dev.watersmeet.sync.ServerUnderTest.pushed;
import static dev.watersmeet.sync.ServerUnderTest.stamp;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.RejectionCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Servers that forward what others wrote (P-26). */
class RelayTest {
    private static final ReplicaId OTHER = new ReplicaId(99);
    private static final Grants RELAY = Grants.of(Map.of("shop-*", Permission.RELAY));
    private static final Principal HUB = new Principal("hub", RELAY);

    private final AtomicReference<Permission> allowed = new AtomicReference<>(Permission.RELAY);
    private final ServerUnderTest server =
            new ServerUnderTest(builder -> builder.access((principal, space) -> allowed.get()));
    private final Pusher hub = new Pusher(server, HUB, 1);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Pushes.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    private static PushedDocument foreign(String id) {
        DocumentState cells = edit(stamp(NOW, OTHER), "title", "theirs");
        cells.join(Path.counter("votes", stamp(NOW, OTHER)), Cell.live(stamp(NOW, OTHER), Value.of(2)));
        return pushed(id, cells);
    }

    private static List<RejectionCode> verdicts(Pusher pusher, PushedDocument... documents) {
        return pusher.push(documents).rejected().stream()
                .map(rejection -> rejection.code())
                .toList();
    }

    private List<String> audited() {
        return log.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains(" relays "))
                .toList();
    }

    @Test
    @Tag("P-26")
    void whoRelaysMayPushWhatOthersWroteAndIsAudited() {
        assertThat(verdicts(hub, foreign("1"), foreign("2"))).isEmpty();
        assertThat(server.documents().get("1").orElseThrow().fields())
                .containsEntry("title", Value.of("theirs"))
                .containsEntry("votes", Value.of(2));
        assertThat(audited()).hasSize(2).first().asString().contains("hub", id("1").toString(), SPACE.name());
    }

    @Test
    @Tag("P-26")
    void itsOwnEditsAreNotAudited() {
        assertThat(verdicts(hub, pushed("1", edit(stamp(NOW, hub.id), "title", "own"))))
                .isEmpty();
        assertThat(audited()).isEmpty();
    }

    @Test
    @Tag("P-26")
    void nobodyElseMay() {
        Pusher writer = new Pusher(server, new Principal("ben", Grants.of(Map.of("*", Permission.WRITE))), 2);
        assertThat(verdicts(writer, foreign("1"))).containsExactly(RejectionCode.FOREIGN_STAMP);
        assertThat(server.stored(id("1")).isEmpty()).isTrue();
        assertThat(audited()).isEmpty();
    }

    @Test
    @Tag("P-26")
    void itHasToBeGrantedByThePolicyAndByTheToken() {
        allowed.set(Permission.WRITE);
        assertThat(verdicts(hub, foreign("1"))).containsExactly(RejectionCode.FOREIGN_STAMP);

        allowed.set(Permission.RELAY);
        Pusher plain = new Pusher(server, new Principal("plain"), 2);
        assertThat(verdicts(plain, foreign("1"))).containsExactly(RejectionCode.FOREIGN_STAMP);
        assertThat(Access.asGranted().permission(new Principal("plain"), SPACE)).isEqualTo(Permission.WRITE);
        assertThat(Access.asGranted().permission(HUB, SPACE)).isEqualTo(Permission.RELAY);
    }

    @Test
    @Tag("P-26")
    void itHoldsForTheSpacesThatItIsGrantedFor() {
        Principal elsewhere =
                new Principal("hub", Grants.of(Map.of("depot", Permission.RELAY, "shop-*", Permission.WRITE)));
        assertThat(verdicts(new Pusher(server, elsewhere, 2), foreign("1")))
                .containsExactly(RejectionCode.FOREIGN_STAMP);
    }

    @Test
    @Tag("P-26")
    void whatIsForgedBeyondItIsRefused() {
        PushedDocument future = pushed("1", edit(stamp(NOW + 60_001, OTHER), "title", "x"));
        PushedDocument mistyped = pushed("2", edit(stamp(NOW, OTHER), "tags", "no set"));
        assertThat(verdicts(hub, future, mistyped))
                .containsExactly(RejectionCode.STAMP_FROM_FUTURE, RejectionCode.SCHEMA_MISMATCH);
        assertThat(audited()).isEmpty();

        hub.push();
        Pusher thief = new Pusher(server, new Principal("thief", RELAY), hub.id.bits());
        assertThat(ServerUnderTest.problem(() -> thief.push(foreign("1"))).code())
                .isEqualTo(ProblemCode.REPLICA_BOUND);
    }
}
