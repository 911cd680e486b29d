package dev.watersmeet.store.tck;

import static dev.watersmeet.store.StoreException.Kind.CURSOR_EXPIRED;
import static dev.watersmeet.store.tck.Samples.REPLICA;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.mark;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Listing and erasing spaces: S-22 and S-23. */
abstract class SpacesContract extends Contract {
    private static final DocumentId LEFT = document("left");
    private static final DocumentId RIGHT = document("right");

    SpacesContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    private List<SpaceId> spaces(int limit) {
        List<SpaceId> found = new ArrayList<>();
        @Nullable SpaceId after = null;
        while (true) {
            List<SpaceId> page = store.maintenance().spaces(after, limit);
            assertThat(page).hasSizeLessThanOrEqualTo(limit);
            found.addAll(page);
            if (page.size() < limit) {
                return found;
            }
            after = page.get(limit - 1);
        }
    }

    @Test
    @DisplayName("S-22: every space that was written to is listed once, in the order of the names")
    void spacesAreListed() {
        assertThat(spaces(10)).isEmpty();
        List<SpaceId> written = Stream.of("b", "a", "a.b", "a-b", "a~", "B", "_", "aa", "x".repeat(128))
                .map(SpaceId::of)
                .toList();
        written.forEach(space -> store.join(space, batch(edit("one", 1))));
        written.forEach(space -> store.join(space, batch(edit("two", 1))));
        SpaceId decided = SpaceId.of("only-metadata");
        store.metadata(decided).compareAndSet("key", null, "value");
        SpaceId marked = SpaceId.of("only-a-mark");
        store.join(marked, Batch.of(List.of(), mark(REPLICA, 1)));

        List<SpaceId> expected = Stream.concat(written.stream(), Stream.of(decided, marked))
                .sorted()
                .toList();
        for (int limit : List.of(1, 4, 100)) {
            assertThat(spaces(limit)).as("pages of %d", limit).isEqualTo(expected);
        }
        if (has(Capability.DURABLE)) {
            reopen();
            assertThat(spaces(100)).isEqualTo(expected);
        }
    }

    @Test
    @DisplayName("S-23: a deleted space is gone, with all that belonged to it")
    void aDeletedSpaceIsGone() {
        Cursor early = store.head(SPACE);
        for (int i = 1; i <= 5; i++) {
            store.join(SPACE, Batch.of(List.of(edit("document" + i, i)), mark(REPLICA, i)));
        }
        assertThat(store.metadata(SPACE).compareAndSet("key", null, "value")).isTrue();
        Cursor late = store.head(SPACE);
        Cursor position = Objects.requireNonNull(store.scan(SPACE, null, 1).position());
        assertThat(store.count(SPACE)).isEqualTo(5);

        store.maintenance().deleteSpace(SPACE);

        assertThat(spaces(10)).isEmpty();
        assertExpiredEverywhere(early, late, position);
        assertThat(Copy.scanned(store, SPACE, 10).documents()).isEmpty();
        assertThat(store.count(SPACE)).isZero();
        assertThat(store.mark(SPACE, REPLICA)).isEmpty();
        assertThat(store.metadata(SPACE).get("key")).isEmpty();
        assertThat(store.metadata(SPACE).compareAndSet("key", null, "anew")).isTrue();
        for (int i = 1; i <= 6; i++) {
            store.join(SPACE, batch(edit("anew" + i, i)));
        }
        assertExpiredEverywhere(early, late, position);
        assertThat(Copy.scanned(store, SPACE, 3).documents()).hasSize(6);
        if (has(Capability.DURABLE)) {
            reopen();
            assertExpiredEverywhere(early, late, position);
            assertThat(Copy.scanned(store, SPACE, 3).documents()).hasSize(6);
        }
    }

    private void assertExpiredEverywhere(Cursor early, Cursor late, Cursor position) {
        assertThat(store.check(SPACE, early)).isEqualTo(CursorState.EXPIRED);
        assertThat(store.check(SPACE, late)).isEqualTo(CursorState.EXPIRED);
        assertRefused(CURSOR_EXPIRED, "early", () -> store.changes(SPACE, early, 10));
        assertRefused(CURSOR_EXPIRED, "late", () -> store.changes(SPACE, late, 10));
        assertRefused(CURSOR_EXPIRED, "position", () -> store.scan(SPACE, position, 10));
    }

    @Test
    @DisplayName("S-23: deleting a space leaves the others, however alike their names are")
    void otherSpacesStay() {
        List<SpaceId> others = Stream.of("space.other", "spac", "space-", "space~", "Space", "space.")
                .map(SpaceId::of)
                .toList();
        Map<SpaceId, Cursor> cursors = new HashMap<>();
        for (SpaceId other : others) {
            cursors.put(other, store.join(other, Batch.of(List.of(edit(other.name(), 1)), mark(REPLICA, 1))));
            store.metadata(other).compareAndSet("key", null, "value");
        }
        store.join(SPACE, batch(edit("one", 1)));

        store.maintenance().deleteSpace(SPACE);
        store.maintenance().deleteSpace(SPACE);
        store.maintenance().deleteSpace(SpaceId.of("never-named"));

        assertThat(spaces(10)).containsExactlyInAnyOrderElementsOf(others);
        cursors.forEach((other, cursor) -> {
            assertThat(store.check(other, cursor)).isEqualTo(CursorState.CURRENT);
            assertThat(Copy.scanned(store, other, 10).documents()).containsOnlyKeys(document(other.name()));
            assertThat(store.mark(other, REPLICA)).isPresent();
            assertThat(store.metadata(other).get("key")).contains("value");
        });
    }

    @Test
    @SuppressWarnings("try") // the subscription is held, not used
    @DisplayName("S-23: deleting a space calls its listeners")
    void deletingCallsListeners() throws InterruptedException {
        store.join(SPACE, batch(edit("one", 1)));
        Semaphore calls = new Semaphore(0);
        try (var subscription = store.watch(SPACE, calls::release)) {
            store.maintenance().deleteSpace(SPACE);

            assertThat(calls.tryAcquire(5, TimeUnit.SECONDS)).as("called").isTrue();
        }
    }

    @Test
    @DisplayName("S-23: a space is deleted in one step: who writes to the new one keeps marks and metadata, too")
    void deletingIsOneStep() throws Exception {
        for (int round = 0; round < 8; round++) {
            String prefix = round + "-";
            Threads.run(2, writer -> {
                if (writer == 0) {
                    store.maintenance().deleteSpace(SPACE);
                    return;
                }
                for (int n = 1; n <= 12; n++) {
                    Mark mark = mark(new ReplicaId(n), 1);
                    store.join(SPACE, Batch.of(List.of(edit(prefix + n, 1)), mark));
                    assertThat(store.metadata(SPACE).compareAndSet(prefix + n, null, "value"))
                            .isTrue();
                }
            });

            Map<DocumentId, DocumentState> left =
                    Copy.scanned(store, SPACE, 100).documents();
            for (int n = 1; n <= 12; n++) {
                if (left.containsKey(document(prefix + n))) {
                    assertThat(store.mark(SPACE, new ReplicaId(n)))
                            .as("the mark that came with %s%d", prefix, n)
                            .isPresent();
                    assertThat(store.metadata(SPACE).get(prefix + n))
                            .as("the metadata that were set after %s%d", prefix, n)
                            .contains("value");
                }
            }
        }
    }

    @Test
    @DisplayName("S-23: what is written while a space is deleted is erased, or is of the new one, as a whole")
    void writingWhileDeleting() throws Exception {
        Threads.run(
                2,
                writer -> {
                    for (int i = 0; i < 40; i++) {
                        String field = writer + "-" + i;
                        store.join(SPACE, batch(edit(LEFT, field, i, i), edit(RIGHT, field, i, i)));
                    }
                },
                () -> store.maintenance().deleteSpace(SPACE));
        Cursor cursor = store.head(SPACE);
        store.join(SPACE, batch(edit(LEFT, "last", 90, 1), edit(RIGHT, "last", 90, 1)));

        Map<DocumentId, DocumentState> read = store.read(SPACE, List.of(LEFT, RIGHT));
        assertThat(read.get(LEFT)).isEqualTo(read.get(RIGHT));
        assertThat(Copy.scanned(store, SPACE, 10).documents()).isEqualTo(read);
        assertThat(Copy.after(store, SPACE, cursor, 10).follow().documents()).hasSize(2);
    }
}
