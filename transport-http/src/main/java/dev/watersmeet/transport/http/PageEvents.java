package dev.watersmeet.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Page;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Pages as the events of live feeds (P-13), for all feeds of a servlet. Many feeds are shown the same page, and many pages the same document: each is encoded once, as long as the engine hands out the same object for it and
 * there is room, and forgotten with it. Thread-safe.
 */
final class PageEvents {
    /** Of pages, and of documents: what is beyond that is encoded again when it is asked for again. */
    private static final long MAX_BYTES = 32L << 20;

    private final Cache<Page, byte[]> events = cache();
    private final Cache<DocumentCells, byte[]> documents = cache();

    /** It is kept in order by those who use it: to wake another thread for that takes longer, and an event waits for it. */
    private static <K> Cache<K, byte[]> cache() {
        return Caffeine.newBuilder()
                .weakKeys()
                .maximumWeight(MAX_BYTES)
                .weigher((K key, byte[] encoded) -> encoded.length)
                .executor(Runnable::run)
                .build();
    }

    /** The event of a page: nobody changes its bytes. */
    byte[] of(Page page) {
        return events.get(page, this::encode);
    }

    private byte[] encode(Page page) {
        return event("changes", page.cursor(), json(page));
    }

    /** A page as JSON, of documents that are encoded once. */
    byte[] json(Page page) {
        return MergeFormat.writePage(page, this::encoded);
    }

    private byte[] encoded(DocumentCells document) {
        return documents.get(document, MergeFormat::writeDocument);
    }

    /**
     * An event.
     *
     * @param id what a client goes on from, if it is an event that can be gone on from
     * @param data JSON without line breaks
     */
    static byte[] event(String name, @Nullable String id, byte[] data) {
        ByteArrayOutputStream event = new ByteArrayOutputStream(data.length + 128);
        event.writeBytes(("event: " + name + "\n" + (id == null ? "" : "id: " + id + "\n") + "data: ").getBytes(UTF_8));
        event.writeBytes(data);
        event.writeBytes("\n\n".getBytes(UTF_8));
        return event.toByteArray();
    }
}
