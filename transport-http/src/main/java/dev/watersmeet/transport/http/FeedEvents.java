package dev.watersmeet.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.format.FeedRequest;
import dev.watersmeet.format.Page;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How what a live feed tells becomes Server-Sent Events. */
interface FeedEvents {
    /** The longest id of an event, in characters: clients send it back in a header (P-20). */
    int MAX_ID_LENGTH = 4_096;

    /** A comment, which says no more than that the feed is alive. */
    byte[] HEARTBEAT = ":\n\n".getBytes(UTF_8);

    /** The event of a page that takes a space to its cursor. */
    byte[] changes(FeedSpace space, Page page);

    /**
     * The event of a problem.
     *
     * @param space the space that it ends; null if it ends the feed
     */
    byte[] problem(@Nullable FeedSpace space, byte[] problem);

    /**
     * The events of a feed of one space (P-13).
     *
     * @param events encodes pages
     */
    static FeedEvents ofOne(PageEvents events) {
        return new FeedEvents() {
            @Override
            public byte[] changes(FeedSpace space, Page page) {
                return events.of(page);
            }

            @Override
            public byte[] problem(@Nullable FeedSpace space, byte[] problem) {
                return PageEvents.event("problem", null, problem);
            }
        };
    }

    /**
     * The events of a feed of several spaces (P-20), which name their space.
     *
     * @param events encodes pages
     * @param spaces all spaces of the feed: an id resumes every one of them
     */
    static FeedEvents ofSeveral(PageEvents events, List<FeedSpace> spaces) {
        return new FeedEvents() {
            @Override
            public byte[] changes(FeedSpace space, Page page) {
                String id = FeedRequest.eventId(spaces.stream().map(each -> each.cursor));
                return PageEvents.event(
                        "changes",
                        id.length() <= MAX_ID_LENGTH ? id : null,
                        named(space, "changes", events.json(page)));
            }

            @Override
            public byte[] problem(@Nullable FeedSpace space, byte[] problem) {
                return PageEvents.event("problem", null, named(space, "problem", problem));
            }
        };
    }

    /** An object of what is told and, if it is about one, the name of the space, in which nothing has to be escaped. */
    private static byte[] named(@Nullable FeedSpace space, String name, byte[] told) {
        ByteArrayOutputStream object = new ByteArrayOutputStream(told.length + 192);
        String of = space == null ? "" : "\"space\":\"" + space.space() + "\",";
        object.writeBytes(("{" + of + "\"" + name + "\":").getBytes(UTF_8));
        object.writeBytes(told);
        object.write('}');
        return object.toByteArray();
    }
}
