package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.ADA;
import static dev.watersmeet.sync.ServerUnderTest.NOW;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static dev.watersmeet.sync.ServerUnderTest.edit;
import static dev.watersmeet.sync.ServerUnderTest.id;
import static dev.watersmeet.sync.ServerUnderTest.problem;
import static dev.watersmeet.sync.ServerUnderTest.pushed;
import static dev.watersmeet.sync.ServerUnderTest.stamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.store.SpaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots, page by page (P-12, P-15). */
class SnapshotTest {
    private static final ReplicaId REPLICA = new ReplicaId(1);
    private static final int CELLS = 1_000;

    private final ServerUnderTest server = new ServerUnderTest();

    private SnapshotPage page(@Nullable String position) {
        return server.engine.snapshot(ADA, SPACE, REPLICA, position);
    }

    /** Documents of a thousand cells each, of which five fill a page. */
    private void fill(int documents) {
        for (int i = 0; i < documents; i++) {
            DocumentState cells = edit(stamp(NOW, REPLICA), "title", "document " + i);
            for (int field = cells.size(); field < CELLS; field++) {
                cells.join(Path.register("f" + field), Cell.live(stamp(NOW, REPLICA), Value.of(field)));
            }
            server.join(new DocumentCells(id("d" + i), cells));
        }
    }

    private List<SnapshotPage> pages() {
        List<SnapshotPage> pages = new ArrayList<>();
        String position = null;
        do {
            SnapshotPage page = page(position);
            pages.add(page);
            position = page.position();
        } while (position != null);
        return pages;
    }

    private static List<DocumentId> ids(List<SnapshotPage> pages) {
        return pages.stream()
                .flatMap(page -> page.documents().stream())
                .map(DocumentCells::id)
                .toList();
    }

    @Test
    void anEmptySpaceIsOneEmptyPage() {
        SnapshotPage page = page(null);
        assertThat(page.documents()).isEmpty();
        assertThat(page.position()).isNull();
        assertThat(page.total()).isZero();
        assertThat(page.time()).isEqualTo(NOW);
        assertThat(page.cursor()).isEqualTo(server.head());
    }

    @Test
    @Tag("P-12")
    void eachDocumentIsOnOnePageWithAllItsCells() {
        fill(12);
        List<SnapshotPage> pages = pages();
        assertThat(pages).extracting(page -> page.documents().size()).containsExactly(5, 5, 2);
        assertThat(ids(pages)).hasSize(12).doesNotHaveDuplicates();
        assertThat(pages).allSatisfy(page -> assertThat(page.documents())
                .allSatisfy(document -> assertThat(document.cells()).isEqualTo(server.stored(document.id()))));
    }

    @Test
    @Tag("P-12")
    void everyPageHasTheTotalAndTheCursorFromBeforeTheFirst() {
        fill(12);
        String head = server.head();
        assertThat(pages()).allSatisfy(page -> {
            assertThat(page.total()).isEqualTo(12);
            assertThat(page.cursor()).isEqualTo(head);
        });
    }

    @Test
    @Tag("P-12")
    void whatIsWrittenMeanwhileIsFoundByTheCursor() {
        fill(12);
        SnapshotPage first = page(null);
        server.documents().put("d0", Map.of("title", "changed"));
        server.documents().put("new", Map.of("title", "new"));
        SnapshotPage last = first;
        while (last.position() != null) {
            last = page(last.position());
        }
        assertThat(last.cursor()).isEqualTo(first.cursor());
        assertThat(last.total()).isEqualTo(12);
        assertThat(server.changesAfter(last.cursor()))
                .extracting(DocumentCells::id)
                .contains(id("d0"), id("new"));
    }

    @Test
    void aSnapshotGoesOnWithAnotherServer() {
        fill(6);
        String position = Objects.requireNonNull(page(null).position());
        server.restart();
        assertThat(page(position).documents()).extracting(DocumentCells::id).containsExactly(id("d5"));
        SyncEngine other = server.open("another");
        assertThat(other.snapshot(ADA, SPACE, REPLICA, position).documents()).hasSize(1);
    }

    @Test
    @Tag("P-12")
    void deadDocumentsAreThereToo() {
        server.documents().put("t1", Map.of("title", "x"));
        server.documents().delete("t1");
        assertThat(page(null).documents()).singleElement().satisfies(document -> {
            assertThat(document.cells().alive()).isFalse();
            assertThat(document.cells().get(Path.register("title"))).isNotNull();
        });
    }

    @Test
    @Tag("P-6")
    void everyPageTellsTheLastPush() {
        fill(6);
        assertThat(page(null).last()).isNull();
        Pusher pusher = new Pusher(server, ADA, REPLICA.bits());
        PushOutcome last = pusher.push(pushed("mine", edit(stamp(NOW, REPLICA), "title", "x")));
        assertThat(pages()).hasSize(2).allSatisfy(page -> assertThat(page.last())
                .isEqualTo(last));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                ":",
                "::",
                "1:1:",
                "1:0:ab",
                "1:1:a",
                "1:2:ab",
                "1:9999:ab",
                "1:99999:ab",
                "-1:1:ab",
                "1:-1:ab",
                "9999999999999999999:1:ab",
                "1:1:a b",
                "1:1:a\n",
                "1:1:\u00E9b",
                "\u0661:1:ab"
            })
    void whatIsNoPositionIsMalformed(String position) {
        assertThat(problem(() -> page(position)).code()).isEqualTo(ProblemCode.MALFORMED);
    }

    @Test
    void aPositionOfAnotherSpaceIsToResyncAndTellsTheLastPush() {
        fill(6);
        PushOutcome last = new Pusher(server, ADA, REPLICA.bits()).push();
        String position = Objects.requireNonNull(page(null).position());
        SpaceId other = SpaceId.of("another");
        assertThat(problem(() -> server.engine.snapshot(ADA, other, REPLICA, position))
                        .code())
                .isEqualTo(ProblemCode.RESYNC);
        Problem problem = problem(() -> page("6:1:xy"));
        assertThat(problem.code()).isEqualTo(ProblemCode.RESYNC);
        assertThat(problem.tellsLast()).isTrue();
        assertThat(problem.last()).isEqualTo(last);
    }

    @Test
    void aPositionIsShortEnoughToTravelInAnAddress() {
        fill(6);
        assertThat(page(null).position()).hasSizeLessThan(200).matches("[!-~]+");
    }
}
