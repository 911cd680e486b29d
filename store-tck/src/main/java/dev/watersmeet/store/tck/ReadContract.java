package dev.watersmeet.store.tck;

import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.stamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.store.SpaceId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Reading documents: S-4. */
abstract class ReadContract extends Contract {
    ReadContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    @DisplayName("S-4: documents without cells are left out")
    void documentsWithoutCellsAreLeftOut() {
        assertThat(store.read(SPACE, List.of(document("none")))).isEmpty();

        store.join(SPACE, batch(edit("one", 1)));

        assertThat(store.read(SPACE, List.of(document("none"), document("one"), document("on"))))
                .containsOnlyKeys(document("one"));
        assertThat(store.read(SPACE, List.of())).isEmpty();
    }

    @Test
    @DisplayName("S-4: what a thread has joined it reads, while others write the same document")
    void ownWritesAreRead() throws Exception {
        DocumentId id = document("busy");

        Threads.run(4, writer -> {
            Path own = Path.register("writer" + writer);
            for (int i = 1; i <= 25; i++) {
                store.join(SPACE, batch(edit(id, own.field(), i, i)));
                DocumentState state =
                        Objects.requireNonNull(store.read(SPACE, List.of(id)).get(id));
                assertThat(Objects.requireNonNull(state.get(own)).stamp()).isEqualTo(stamp(i));
            }
        });
    }

    @Test
    @DisplayName("S-4: states belong to the caller")
    void statesBelongToTheCaller() {
        DocumentCells one = edit("one", 1);
        store.join(SPACE, batch(one));

        Objects.requireNonNull(store.read(SPACE, List.of(one.id())).get(one.id()))
                .join(Path.register("mine"), Cell.removed(stamp(9)));

        assertThat(store.read(SPACE, List.of(one.id()))).isEqualTo(Map.of(one.id(), one.cells()));
    }

    @Test
    @DisplayName("S-4: a document is of one space and one collection")
    void spacesAndCollectionsAreApart() {
        List<SpaceId> spaces = List.of(SPACE, OTHER, SpaceId.of("spac"), SpaceId.of("space~"), SpaceId.of("Space"));
        List<DocumentId> ids =
                List.of(DocumentId.of("things", "one"), DocumentId.of("thing", "sone"), DocumentId.of("Things", "one"));
        int n = 0;
        for (SpaceId space : spaces) {
            for (DocumentId id : ids) {
                store.join(space, batch(edit(id, "field", ++n, n)));
            }
        }

        n = 0;
        for (SpaceId space : spaces) {
            for (DocumentId id : ids) {
                n++;
                assertThat(store.read(space, List.of(id)))
                        .as("%s in %s", id, space)
                        .isEqualTo(Map.of(id, edit(id, "field", n, n).cells()));
            }
            assertThat(Copy.scanned(store, space, 100).documents()).hasSize(ids.size());
        }
    }
}
