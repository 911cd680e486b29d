package dev.watersmeet.store.tck;

import static dev.watersmeet.store.StoreException.Kind.UNSUPPORTED;
import static dev.watersmeet.store.StoreException.Kind.UNUSABLE;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a store claims, and how it refuses what it does not: S-14. What it claims the other classes test. */
abstract class CapabilityContract extends Contract {
    CapabilityContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    @DisplayName("S-14: a store always claims the same")
    void aStoreAlwaysClaimsTheSame() {
        store.join(SPACE, batch(edit("one", 1)));
        try (StoreFixture strange = fixtures.get();
                Store other = strange.open()) {
            assertThat(other.capabilities()).isEqualTo(store.capabilities());
        }
    }

    @Test
    @DisplayName("S-14: what is not durable is gone, and its cursors expire")
    void whatIsNotDurableIsGone() {
        assumeHasNot(Capability.DURABLE);
        Cursor cursor = store.join(SPACE, batch(edit("one", 1)));
        store.close();

        store = fixture.open();

        assertThat(store.read(SPACE, List.of(document("one")))).isEmpty();
        assertThat(store.check(SPACE, cursor)).isEqualTo(CursorState.EXPIRED);
    }

    @Test
    @DisplayName("S-14: where instances cannot share data a second one is refused, or has data of its own")
    void aSecondInstanceIsRefusedOrApart() {
        assumeHasNot(Capability.SHARED_BY_INSTANCES);
        Cursor cursor = store.join(SPACE, batch(edit("one", 1)));
        try (Store second = fixture.open()) {
            assertThat(second.read(SPACE, List.of(document("one")))).isEmpty();
            assertThat(second.check(SPACE, cursor)).isEqualTo(CursorState.EXPIRED);
            second.join(SPACE, batch(edit("two", 1)));
        } catch (StoreException e) {
            assertThat(e.kind()).isEqualTo(UNUSABLE);
        }

        assertThat(Copy.scanned(store, SPACE, 10).documents()).containsOnlyKeys(document("one"));
    }

    @Test
    @DisplayName("S-14: a purge is refused where none is claimed")
    void aPurgeIsRefused() {
        assumeHasNot(Capability.PURGE);
        store.join(SPACE, batch(edit("one", 1)));

        assertRefused(UNSUPPORTED, "purge", () -> store.maintenance().purge(SPACE, Instant.EPOCH));
        assertRefused(UNSUPPORTED, "purge", () -> store.maintenance().purge(SPACE, Instant.now()));
    }
}
