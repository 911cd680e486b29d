package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A space of documents near the bound of a value is read page by page, none of which a small server or client cannot hold. */
@Timeout(60)
class LargeDocumentsTest {
    private static final int DOCUMENTS = 60;
    private static final int MAX_PAGE_BYTES = 10 << 20;

    private TestServer server;
    private TestReplica reader;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        reader = new TestReplica(server, "shop");
        reader.snapshot();
        TestReplica writer = new TestReplica(server, "shop");
        String text = "x".repeat((1 << 20) - 100);
        for (int i = 0; i < DOCUMENTS; i++) {
            DocumentCells document = writer.put("item" + i, Map.of("text", text));
            server.store.join(SpaceId.of("shop"), Batch.of(List.of(document)));
        }
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private byte[] page(String resource) throws Exception {
        HttpResponse<byte[]> response = server.send(server.request(reader.path(resource)));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body().length).isLessThan(MAX_PAGE_BYTES);
        return response.body();
    }

    @Test
    void aSnapshotIsReadPageByPage() throws Exception {
        List<DocumentId> found = new ArrayList<>();
        @Nullable String position = null;
        do {
            SnapshotPage page = MergeFormat.readSnapshotPage(
                    page("snapshot?replica=" + reader.id + (position == null ? "" : "&position=" + position)));
            page.documents().forEach(document -> found.add(document.id()));
            position = page.position();
        } while (position != null);
        assertThat(found).hasSize(DOCUMENTS).doesNotHaveDuplicates();
    }

    @Test
    void changesAreReadPageByPage() throws Exception {
        Set<DocumentId> found = new HashSet<>();
        String cursor = reader.cursor();
        boolean more = true;
        while (more) {
            Page page = MergeFormat.readPage(page("changes?cursor=" + cursor));
            page.documents().forEach(document -> found.add(document.id()));
            cursor = page.cursor();
            more = page.more();
        }
        assertThat(found).hasSize(DOCUMENTS);
    }

    @Test
    void aLiveFeedBringsThemPageByPage() throws Exception {
        Events events = Events.open(server, server.request(reader.path("changes?cursor=" + reader.cursor())));
        Set<DocumentId> found = new HashSet<>();
        while (found.size() < DOCUMENTS) {
            Events.Event event = events.nextEvent();
            assertThat(event.data().length()).isLessThan(MAX_PAGE_BYTES);
            event.page().documents().forEach(document -> found.add(document.id()));
        }
    }
}
