package dev.watersmeet.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tests of all operations share: an open store without data for each test. Every test's display name starts with the number of its {@link Rule}. */
@Timeout(120)
@ExtendWith(ExplainsRule.class)
abstract class Contract {
    static final SpaceId SPACE = SpaceId.of("space");
    static final SpaceId OTHER = SpaceId.of("space.other");

    final Supplier<StoreFixture> fixtures;
    StoreFixture fixture;
    Store store;

    Contract(Supplier<StoreFixture> fixtures) {
        this.fixtures = fixtures;
    }

    @BeforeEach
    void open() {
        fixture = fixtures.get();
        store = fixture.open();
    }

    @AfterEach
    void close() {
        try {
            store.close();
        } finally {
            fixture.close();
        }
    }

    /** Closes the store and opens it again on the same data. */
    final void reopen() {
        assumeHas(Capability.DURABLE);
        store.close();
        store = fixture.open();
    }

    final boolean has(Capability capability) {
        return store.capabilities().has(capability);
    }

    /** Skips the test, visibly, for a store that does not claim a capability. */
    final void assumeHas(Capability capability) {
        Assumptions.assumeTrue(has(capability), "the store does not claim " + capability);
    }

    /** Skips the test, visibly, for a store that claims a capability: it proves how the others refuse. */
    final void assumeHasNot(Capability capability) {
        Assumptions.assumeFalse(has(capability), "the store claims " + capability);
    }

    static void assertRefused(StoreException.Kind kind, String description, ThrowingCallable call) {
        StoreException refusal = catchThrowableOfType(StoreException.class, call);
        assertThat(refusal).as(description).isNotNull();
        assertThat(refusal.kind()).as(description).isEqualTo(kind);
    }

    /** Asserts that nothing goes on from a cursor, and that the store says so in every way. */
    final void assertExpired(SpaceId space, Cursor cursor) {
        assertEnded(space, cursor, CursorState.EXPIRED);
    }

    /** Asserts that nothing goes on from a cursor, for a reason, and that the store says so in every way. */
    final void assertEnded(SpaceId space, Cursor cursor, CursorState state) {
        String description = space + " " + cursor;
        assertThat(store.check(space, cursor)).as(description).isEqualTo(state);
        assertRefused(StoreException.Kind.CURSOR_EXPIRED, description, () -> store.changes(space, cursor, 10));
        assertRefused(
                StoreException.Kind.CURSOR_EXPIRED,
                "a batch based on " + description,
                () -> store.join(space, Samples.batch().basedOn(cursor)));
    }

    /** Asserts that a document has exactly these cells, wherever one looks. */
    final void assertHolds(DocumentCells document) {
        assertThat(store.read(SPACE, List.of(document.id()))).containsEntry(document.id(), document.cells());
        assertThat(Copy.scanned(store, SPACE, 100).documents()).containsEntry(document.id(), document.cells());
    }
}
