package dev.watersmeet.store.tck;

import static dev.watersmeet.store.StoreException.Kind.CURSOR_EXPIRED;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.edit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Cursors and positions that are not, or no longer, good: S-8. */
abstract class CursorContract extends Contract {
    private static final List<String> GARBAGE = List.of(
            "0",
            "1",
            "-1",
            ".",
            "..",
            "x",
            "!",
            "~",
            "%00",
            "null",
            "__proto__",
            "0.0",
            "ffffffffffffffff.1",
            "9223372036854775808",
            "eyJhIjoxfQ==",
            "a".repeat(Cursor.MAX_LENGTH));

    CursorContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    @DisplayName("S-8: a cursor that is none expires")
    void garbageExpires() {
        store.join(SPACE, batch(edit("one", 1)));
        String good = store.head(SPACE).text();

        for (String garbage : GARBAGE) {
            assertExpired(SPACE, garbage);
            assertExpired(SpaceId.of("never-named"), garbage);
        }
        assertExpired(SPACE, good + "x");
        assertExpired(SPACE, good + "99999999999999999999");
        assertExpired(SPACE, "x" + good);
        assertExpired(SPACE, good.substring(0, good.length() / 2));
    }

    @Test
    @DisplayName("S-8: a cursor of another space expires")
    void aCursorOfAnotherSpaceExpires() {
        store.join(SPACE, batch(edit("one", 1)));
        store.join(OTHER, batch(edit("one", 1)));

        assertExpired(SPACE, store.head(OTHER).text());
        assertExpired(OTHER, store.head(SPACE).text());
    }

    @Test
    @DisplayName("S-8: a cursor of a store with other data expires")
    void aCursorOfAnotherStoreExpires() {
        store.join(SPACE, batch(edit("one", 1)));
        try (StoreFixture strange = fixtures.get();
                Store stranger = strange.open()) {
            stranger.join(SPACE, batch(edit("one", 1)));

            assertExpired(SPACE, stranger.head(SPACE).text());
        }
    }

    @Test
    @DisplayName("S-8: a position of a scan that is none, or of another space, expires")
    void foreignPositionsExpire() {
        for (int i = 0; i < 5; i++) {
            store.join(SPACE, batch(edit("document" + i, i)));
            store.join(OTHER, batch(edit("document" + i, i)));
        }
        Scan foreign = store.scan(OTHER, null, 1);

        for (String garbage : GARBAGE) {
            assertRefused(CURSOR_EXPIRED, garbage, () -> store.scan(SPACE, new Cursor(garbage), 10));
            assertRefused(
                    CURSOR_EXPIRED, garbage, () -> store.scan(SpaceId.of("never-named"), new Cursor(garbage), 10));
        }
        assertRefused(
                CURSOR_EXPIRED,
                "another space's position",
                () -> store.scan(SPACE, Objects.requireNonNull(foreign.position()), 10));
    }

    @Test
    @DisplayName("S-8: a cursor from before any write is good, and stays so")
    void earlyCursorsStayGood() {
        Cursor early = store.head(SPACE);
        for (int i = 0; i < 10; i++) {
            store.join(SPACE, batch(edit("document" + i, i)));
        }

        assertThat(Copy.after(store, SPACE, early, 3).follow().documents()).hasSize(10);
    }

    private void assertExpired(SpaceId space, String cursor) {
        assertRefused(CURSOR_EXPIRED, space + " " + cursor, () -> store.changes(space, new Cursor(cursor), 10));
    }
}
