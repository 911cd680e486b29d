package dev.watersmeet.store.tck;

import static dev.watersmeet.store.StoreException.Kind.CURSOR_EXPIRED;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.edit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Cursors and positions that are not, or no longer, good: S-8 and S-16. */
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

    @Test
    @DisplayName("S-16: the check of a cursor agrees with what goes on from it")
    void theCheckAgrees() {
        List<Cursor> good = new ArrayList<>(List.of(store.head(SPACE)));
        for (int i = 0; i < 3; i++) {
            good.add(store.join(SPACE, batch(edit("document" + i, i))));
            good.add(store.head(SPACE));
        }

        for (Cursor cursor : good) {
            assertThat(store.check(SPACE, cursor)).as("%s", cursor).isEqualTo(CursorState.CURRENT);
            assertThat(Copy.after(store, SPACE, cursor, 10).follow().documents())
                    .hasSizeLessThanOrEqualTo(3);
            store.join(SPACE, batch(edit("document0", 10)).basedOn(cursor));
        }
        for (String garbage : GARBAGE) {
            assertExpired(SPACE, garbage);
        }
        assertExpired(SPACE, store.head(OTHER).text());
    }

    @Test
    @DisplayName("S-16: the head of a changing space is always current")
    void theHeadIsAlwaysCurrent() throws Exception {
        Threads.run(
                2,
                writer -> {
                    for (int i = 0; i < 50; i++) {
                        assertThat(store.check(SPACE, store.join(SPACE, batch(edit(writer + "-" + i, i)))))
                                .isEqualTo(CursorState.CURRENT);
                    }
                },
                () -> assertThat(store.check(SPACE, store.head(SPACE))).isEqualTo(CursorState.CURRENT));
    }

    private void assertExpired(SpaceId space, String cursor) {
        assertExpired(space, new Cursor(cursor));
    }
}
