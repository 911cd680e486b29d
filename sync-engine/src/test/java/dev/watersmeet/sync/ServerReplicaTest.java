package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.COLLECTION;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static dev.watersmeet.sync.ServerUnderTest.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.store.SpaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The server as a replica: one id for ever, and no stamp twice (M-3). */
class ServerReplicaTest {
    private final ServerUnderTest server = new ServerUnderTest();
    private int edits;

    /** The stamp of an edit of a document of its own, so that nothing that stands lifts the clock. */
    private Stamp edit(SyncEngine engine) {
        String document = "t" + edits++;
        engine.space(SPACE.name()).collection(COLLECTION).put(document, Map.of("title", edits));
        return server.stored(id(document)).get(Path.register("title")).stamp();
    }

    private ReplicaId replica(SyncEngine engine) {
        return edit(engine).replica();
    }

    @Test
    void theIdIsKeptAcrossRestarts() {
        ReplicaId before = replica(server.engine);
        server.restart();
        assertThat(replica(server.engine)).isEqualTo(before);
    }

    /** The store may be a copy that was made between the node's beginning and its first edit: then others know edits under this id, which the copy does not. */
    @Test
    void anIdOfWhichNoStampWasReservedIsNotUsed() {
        ReplicaId begun = ReplicaId.parse("0000000000C0C");
        server.store.metadata(SPACE).compareAndSet("server-replica/main", null, begun.toString());
        assertThat(replica(server.engine)).isNotEqualTo(begun);
    }

    @Test
    void eachNodeHasAnIdOfItsOwn() {
        assertThat(replica(server.open("a"))).isNotEqualTo(replica(server.open("b")));
    }

    @Test
    void eachSpaceHasAnIdOfItsOwn() {
        ReplicaId here = replica(server.engine);
        server.engine.space("another").collection(COLLECTION).put("t", Map.of());
        assertThat(server.store.metadata(SpaceId.of("another")).get("server-replica/main"))
                .isPresent()
                .isNotEqualTo(Optional.of(here.toString()));
    }

    /** A stretch of time: the clock jumps, the server may be restarted, and some edits are made. */
    record Stretch(long jump, boolean restart, int edits) {}

    @Property(tries = 300)
    void noStampIsIssuedTwiceThoughTheClockJumpsAndServersAreRestarted(@ForAll("stretches") List<Stretch> stretches) {
        List<Stamp> issued = new ArrayList<>();
        for (Stretch stretch : stretches) {
            server.millis.addAndGet(stretch.jump());
            if (stretch.restart()) {
                server.restart();
            }
            for (int i = 0; i < stretch.edits(); i++) {
                issued.add(edit(server.engine));
            }
        }
        assertThat(issued).isSorted().doesNotHaveDuplicates();
    }

    @Provide
    Arbitrary<List<Stretch>> stretches() {
        Arbitrary<Long> jumps = Arbitraries.oneOf(
                Arbitraries.longs().between(-20_000, 20_000),
                Arbitraries.longs().between(-3, 3),
                Arbitraries.longs().between(-1L << 40, 1L << 40));
        return Combinators.combine(
                        jumps,
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 4))
                .as(Stretch::new)
                .list()
                .ofMaxSize(12);
    }

    @Test
    void aRestartGoesOnAboveWhatWasReserved() {
        Stamp before = edit(server.engine);
        server.millis.addAndGet(-3_600_000);
        server.restart();
        assertThat(edit(server.engine)).isGreaterThan(before);
    }

    @Test
    void twoServersOfOneNameNeverIssueTheSameStampAndTheFirstStops() {
        SyncEngine first = server.engine;
        List<Stamp> issued = new ArrayList<>(List.of(edit(first)));
        SyncEngine second = server.open("main");
        issued.add(edit(second));
        issued.add(edit(first));
        server.millis.addAndGet(15_000);
        issued.add(edit(second));
        assertThatThrownBy(() -> edit(first))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("two servers run as the same node");
        issued.add(edit(second));
        assertThat(issued).doesNotHaveDuplicates();
    }
}
