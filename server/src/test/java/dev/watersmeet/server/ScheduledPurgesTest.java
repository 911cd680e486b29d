package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduledPurgesTest {
    private static final ReplicaId REPLICA = new ReplicaId(7);
    private static final DocumentId DOCUMENT = DocumentId.of("things", "dead");

    private static Batch deadDocument() {
        Stamp stamp = Stamp.of(1, 0, REPLICA);
        return Batch.of(List.of(new DocumentCells(
                DOCUMENT,
                DocumentState.of(Map.of(
                        Path.existence(REPLICA), Cell.live(stamp), Path.deletion(REPLICA), Cell.removed(stamp))))));
    }

    private static Clock in(Duration time) {
        return Clock.fixed(Instant.now().plus(time), ZoneOffset.UTC);
    }

    @Test
    void whatWasRemovedLongAgoGoesFromAllSpaces() {
        try (Store store = MemoryStore.empty()) {
            List<SpaceId> spaces = IntStream.range(0, 1001)
                    .mapToObj(n -> SpaceId.of("space" + n))
                    .toList();
            spaces.forEach(space -> store.join(space, deadDocument()));

            ScheduledPurges.purge(store, Duration.ofDays(30), in(Duration.ofDays(29)));
            assertThat(spaces)
                    .allSatisfy(space -> assertThat(store.count(space)).isOne());

            ScheduledPurges.purge(store, Duration.ofDays(30), in(Duration.ofDays(31)));
            assertThat(spaces)
                    .allSatisfy(space -> assertThat(store.count(space)).isZero());
        }
    }

    @Test
    void aSpaceThatFailsKeepsNoneOfTheOthersFromIt() {
        try (Store store = MemoryStore.empty()) {
            SpaceId failing = SpaceId.of("a");
            SpaceId other = SpaceId.of("b");
            store.join(failing, deadDocument());
            store.join(other, deadDocument());

            ScheduledPurges.purge(FailingSpace.of(store, failing), Duration.ofDays(30), in(Duration.ofDays(31)));

            assertThat(store.count(failing)).isOne();
            assertThat(store.count(other)).isZero();
        }
    }
}
