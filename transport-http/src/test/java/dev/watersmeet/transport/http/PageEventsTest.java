package dev.watersmeet.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Page;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PageEventsTest {
    private final PageEvents events = new PageEvents();

    private static DocumentCells item(String id) {
        Stamp stamp = Stamp.of(1_700_000_000_000L, 0, new ReplicaId(1));
        return new DocumentCells(
                DocumentId.of("items", id),
                DocumentState.of(Map.of(
                        Path.register("name"), Cell.live(stamp, Value.of("a \"b\"\n\ud800")),
                        Path.existence(stamp.replica()), Cell.live(stamp))));
    }

    private Page read(Page page) {
        String event = new String(events.of(page), UTF_8);
        assertThat(event)
                .startsWith("event: changes\nid: " + page.cursor() + "\ndata: ")
                .endsWith("\n\n");
        return MergeFormat.readPage(
                event.lines().toList().get(2).substring("data: ".length()).getBytes(UTF_8));
    }

    @Test
    void aPageIsWhatItIsWithoutThem() {
        List<Page> pages = List.of(
                new Page(List.of(), "c1", true),
                new Page(List.of(item("1"), item("2")), "c2", false),
                new Page(
                        List.of(item("1"), item("2"), item("3")),
                        Set.of(DocumentId.of("items", "1"), DocumentId.of("items", "3")),
                        List.of(),
                        List.of(DocumentId.of("items", "4")),
                        "c3",
                        false),
                Page.purged(List.of(item("1")), "c4", false));

        assertThat(pages).allSatisfy(page -> {
            assertThat(read(page)).isEqualTo(page);
            assertThat(new String(events.of(page), UTF_8)).contains(new String(MergeFormat.writePage(page), UTF_8));
        });
    }

    @Test
    void aPageIsEncodedOnceForAll() {
        Page page = new Page(List.of(item("1")), "c1", false);

        assertThat(events.of(page)).isSameAs(events.of(page));
    }

    @Test
    void aDocumentInSeveralPagesIsEncodedOnce() {
        DocumentCells document = item("1");
        read(new Page(List.of(document), "c1", false));
        document.cells().join(Path.register("other"), Cell.live(Stamp.of(1, 0, new ReplicaId(1)), Value.of("later")));

        String event = new String(events.of(new Page(List.of(document), "c2", false)), UTF_8);
        assertThat(event).as("as it was when it was encoded").doesNotContain("later");
    }
}
