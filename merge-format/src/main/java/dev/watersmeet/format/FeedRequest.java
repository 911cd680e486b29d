package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.MalformedException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A live feed of several spaces that is asked for (P-20).
 *
 * @param spaces one space or more, each of them once
 */
public record FeedRequest(List<Start> spaces) {
    /** @throws MalformedException if there is no space, or one twice */
    public FeedRequest {
        spaces = List.copyOf(spaces);
        if (spaces.isEmpty()) {
            throw MalformedException.of("a feed is of one space or more");
        }
        Set<String> names = new HashSet<>();
        for (Start start : spaces) {
            if (!names.add(start.space())) {
                throw MalformedException.of("a feed names each space once", start.space());
            }
        }
    }

    /**
     * Where the feed goes on.
     *
     * @param lastEventId the id of the last event that arrived; null or blank if there is none, and then the feed goes on from what was asked for
     * @throws MalformedException if it is not the id of a feed of as many spaces
     */
    public FeedRequest resumedAfter(@Nullable String lastEventId) {
        if (lastEventId == null || lastEventId.isBlank()) {
            return this;
        }
        String[] cursors = lastEventId.strip().split(" ", -1);
        if (cursors.length != spaces.size()) {
            throw MalformedException.of(
                    "the last event's id is of a feed of " + cursors.length + " spaces, not " + spaces.size());
        }
        return new FeedRequest(IntStream.range(0, cursors.length)
                .mapToObj(i -> new Start(spaces.get(i).space(), cursors[i]))
                .toList());
    }

    /** The id of an event after which all spaces go on from their cursors. */
    public static String eventId(Stream<String> cursors) {
        return cursors.collect(Collectors.joining(" "));
    }

    /**
     * From where one space is followed.
     *
     * @param space its name
     * @param cursor up to where it was read: printable characters of ASCII, as it stands in ids between spaces
     */
    public record Start(String space, String cursor) {
        private static final Pattern CURSOR = Pattern.compile("[!-~]+");

        /** @throws MalformedException if the cursor is none */
        public Start {
            requireNonNull(space);
            if (!CURSOR.matcher(cursor).matches()) {
                throw MalformedException.of("a cursor has printable characters of ASCII and no spaces", cursor);
            }
        }
    }
}
