package dev.watersmeet.store.tck;

import static dev.watersmeet.store.StoreException.Kind.CURSOR_EXPIRED;
import static dev.watersmeet.store.tck.Samples.REPLICA;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.deletion;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.mark;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Purged;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The epoch of a space, and what a restored copy does to it: S-21 and S-25. */
abstract class EpochContract extends Contract {
    EpochContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    @DisplayName("S-21: a new epoch ends all cursors and positions, and nothing else")
    void aNewEpochEndsAllCursors() {
        List<Cursor> cursors = new ArrayList<>(List.of(store.head(SPACE)));
        for (int i = 0; i < 5; i++) {
            cursors.add(store.join(SPACE, Batch.of(List.of(edit("document" + i, i)), mark(REPLICA, i + 1))));
            store.join(OTHER, batch(edit("document" + i, i)));
        }
        Cursor position = Objects.requireNonNull(store.scan(SPACE, null, 1).position());
        Cursor other = store.head(OTHER);
        assertThat(store.metadata(SPACE).compareAndSet("key", null, "value")).isTrue();

        store.maintenance().renewEpoch(SPACE);

        cursors.forEach(cursor -> assertEnded(SPACE, cursor, CursorState.BEFORE_RENEWAL));
        assertRefused(CURSOR_EXPIRED, "a position", () -> store.scan(SPACE, position, 10));
        assertThat(store.check(OTHER, other)).isEqualTo(CursorState.CURRENT);
        assertThat(store.mark(SPACE, REPLICA)).contains(mark(REPLICA, 5));
        assertThat(store.metadata(SPACE).get("key")).contains("value");
        Copy reader = Copy.scanned(store, SPACE, 3);
        assertThat(reader.documents()).hasSize(5);
        store.join(SPACE, batch(edit("new", 1)));
        assertThat(reader.follow().documents()).hasSize(6);
    }

    @Test
    @DisplayName("S-21: ended cursors stay so over more writes, epochs and restarts")
    void endedCursorsStayEnded() {
        Cursor first = store.join(SPACE, batch(edit("one", 1)));
        store.maintenance().renewEpoch(SPACE);
        Cursor second = store.join(SPACE, batch(edit("two", 1)));
        store.maintenance().renewEpoch(SPACE);
        for (int i = 0; i < 5; i++) {
            store.join(SPACE, batch(edit("document" + i, i)));
        }
        Cursor third = store.head(SPACE);
        if (has(Capability.DURABLE)) {
            reopen();
        }

        assertExpired(SPACE, first);
        assertEnded(SPACE, second, CursorState.BEFORE_RENEWAL);
        assertThat(store.check(SPACE, third)).isEqualTo(CursorState.CURRENT);
    }

    @Test
    @DisplayName(
            "S-21: a new epoch's time begins anew: what a clock that had jumped ahead has recorded is purged in its turn")
    void timeBeginsAnew() throws InterruptedException {
        assumeHas(Capability.PURGE);
        Duration jump = Duration.ofDays(1000);
        Assumptions.assumeTrue(fixture.moveClock(jump), "the fixture cannot move the clock");
        store.join(SPACE, batch(edit("dead", 1)));
        fixture.moveClock(jump.negated());
        store.join(SPACE, batch(deletion(document("dead"), 1)));
        Instant before = fixture.instant();

        store.maintenance().renewEpoch(SPACE);

        assertThat(store.maintenance().purge(SPACE, before))
                .as("counts as recorded at the renewal")
                .isEqualTo(Purged.NOTHING);
        store.join(SPACE, batch(edit("lately", 1), deletion(document("lately"), 1)));
        assertThat(store.maintenance().purge(SPACE, fixture.instant()).documents())
                .isPositive();
        assertThat(Copy.scanned(store, SPACE, 10).documents()).isEmpty();
    }

    @Test
    @DisplayName("S-21: data that were put back from an older copy have an epoch of their own")
    void aRestoredCopyHasItsOwnEpoch() {
        Cursor before = store.join(SPACE, batch(edit("before", 1)));
        store.close();
        Optional<Runnable> copy = fixture.copy();
        store = fixture.open();
        Assumptions.assumeTrue(copy.isPresent(), "the fixture cannot copy its data");
        Cursor lost = store.join(SPACE, batch(edit("lost", 1)));
        store.close();

        copy.get().run();

        store = fixture.open();
        assertEnded(SPACE, before, CursorState.BEFORE_RENEWAL);
        assertEnded(SPACE, lost, CursorState.BEFORE_RENEWAL);
        Cursor fresh = store.join(SPACE, batch(edit("after", 1)));
        assertEnded(SPACE, lost, CursorState.BEFORE_RENEWAL);
        assertThat(store.check(SPACE, fresh)).isEqualTo(CursorState.CURRENT);
        assertThat(Copy.scanned(store, SPACE, 10).documents()).containsOnlyKeys(document("before"), document("after"));
    }

    @Test
    @DisplayName(
            "S-25: of the former epoch's cursors those stand out that cover all that the copy had purged, until the next purge")
    void whoHasForgottenNothingThatTheCopyHasNotStandsOut() throws InterruptedException {
        assumeHas(Capability.PURGE);
        Cursor early = store.join(SPACE, batch(edit("dead", 1)));
        store.join(SPACE, batch(deletion(document("dead"), 1)));
        Cursor late = store.join(SPACE, batch(edit("living", 1)));
        assertThat(store.maintenance().purge(SPACE, fixture.instant()).documents())
                .isPositive();
        Cursor covering = store.head(SPACE);

        store.maintenance().renewEpoch(SPACE);

        assertExpired(SPACE, early);
        assertExpired(SPACE, late);
        assertEnded(SPACE, covering, CursorState.BEFORE_RENEWAL);
        store.join(SPACE, batch(edit("more", 1), deletion(document("living"), 1)));
        assertEnded(SPACE, covering, CursorState.BEFORE_RENEWAL);
        assertThat(store.maintenance().purge(SPACE, fixture.instant()).documents())
                .isPositive();
        assertExpired(SPACE, covering);
    }

    @Test
    @DisplayName("S-25: only the former epoch's cursors stand out, not those of epochs before it or of other spaces")
    void onlyTheFormerEpochStandsOut() {
        Cursor first = store.join(SPACE, batch(edit("one", 1)));
        Cursor other = store.join(OTHER, batch(edit("one", 1)));
        store.maintenance().renewEpoch(SPACE);
        assertEnded(SPACE, first, CursorState.BEFORE_RENEWAL);
        assertExpired(SPACE, other);
        assertExpired(OTHER, first);
        Cursor second = store.head(SPACE);

        store.maintenance().renewEpoch(SPACE);

        assertExpired(SPACE, first);
        assertEnded(SPACE, second, CursorState.BEFORE_RENEWAL);
        if (has(Capability.DURABLE)) {
            reopen();
            assertEnded(SPACE, second, CursorState.BEFORE_RENEWAL);
        }
    }
}
