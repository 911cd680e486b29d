package dev.watersmeet.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What the tests of all operations share: an open store without data for each test. */
@Timeout(120)
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
        assumeDurable();
        store.close();
        store = fixture.open();
    }

    final void assumeDurable() {
        Assumptions.assumeTrue(fixture.durable(), "the store does not claim to be durable");
    }

    static void assertRefused(StoreException.Kind kind, String description, ThrowingCallable call) {
        StoreException refusal = catchThrowableOfType(StoreException.class, call);
        assertThat(refusal).as(description).isNotNull();
        assertThat(refusal.kind()).as(description).isEqualTo(kind);
    }
}
