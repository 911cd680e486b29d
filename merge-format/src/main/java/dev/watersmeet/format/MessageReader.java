package dev.watersmeet.format;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the members of each message, in whatever order they come. */
final class MessageReader {
    private MessageReader() {}

    /** The version, which is checked before anything else: a message of another one may look like anything (P-1). */
    static long version(JsonInput input) {
        JsonInput.Members members = input.members();
        for (String name = members.next(); name != null; name = members.next()) {
            if (name.equals("protocol")) {
                long version = input.integer();
                if (version != MergeFormat.PROTOCOL) {
                    throw MergeFormat.unsupported(version);
                }
                return version;
            }
            members.skip();
        }
        throw missing("protocol");
    }

    private static MalformedException missing(String member) {
        return MalformedException.of("the member \"" + member + "\" is missing");
    }

    private static <T> T require(@Nullable T value, String member) {
        if (value == null) {
            throw missing(member);
        }
        return value;
    }

    private static <T> T inPlace(JsonInput input, Function<JsonInput, T> reader) {
        if (input.batch() != null) {
            throw MalformedException.of("the documents of a message in binary form stand behind it (M-27)");
        }
        return reader.apply(input);
    }

    private static <T> T documents(@Nullable T inPlace, JsonInput input, Function<BatchSource, T> reader) {
        BatchSource batch = input.batch();
        return batch == null ? require(inPlace, "documents") : reader.apply(batch);
    }

    static SyncRequest syncRequest(JsonInput input) { // P-2
        ReplicaId replica = null;
        String cursor = null;
        Boolean pull = null;
        Push push = null;
        JsonInput.Members members = input.members();
        for (String name = members.next(); name != null; name = members.next()) {
            switch (name) {
                case "replica" -> replica = ReplicaId.parse(input.string());
                case "cursor" -> cursor = input.stringOrNull();
                case "pull" -> pull = input.flag();
                case "push" -> push = input.isNull() ? null : push(input);
                default -> members.skip();
            }
        }
        return new SyncRequest(require(replica, "replica"), cursor, require(pull, "pull"), push);
    }

    private static Push push(JsonInput input) { // P-4
        Long number = null;
        String nonce = null;
        String after = null;
        List<PushedDocument> documents = null;
        JsonInput.Members members = input.members();
        for (String name = members.next(); name != null; name = members.next()) {
            switch (name) {
                case "number" -> number = input.integer();
                case "nonce" -> nonce = input.string();
                case "after" -> after = input.stringOrNull();
                case "documents" -> documents = inPlace(input, DocumentReader::push);
                default -> members.skip();
            }
        }
        return new Push(
                require(number, "number"),
                require(nonce, "nonce"),
                after,
                documents(documents, input, BatchSource::push));
    }

    static SyncAnswer syncAnswer(JsonInput input) { // P-2
        Long time = null;
        PushOutcome push = null;
        Page changes = null;
        String schema = null;
        JsonInput.Members members = input.members();
        for (String name = members.next(); name != null; name = members.next()) {
            switch (name) {
                case "time" -> time = input.integer();
                case "push" -> push = outcomeOrNull(input);
                case "changes" -> changes = input.isNull() ? null : page(input);
                case "schema" -> schema = input.stringOrNull();
                default -> members.skip();
            }
        }
        return new SyncAnswer(require(time, "time"), push, changes, schema);
    }

    static SnapshotPage snapshot(JsonInput input) { // P-12
        Long time = null;
        PageDocuments documents = null;
        String position = null;
        String cursor = null;
        Long total = null;
        PushOutcome last = null;
        String schema = null;
        JsonInput.Members members = input.members();
        for (String name = members.next(); name != null; name = members.next()) {
            switch (name) {
                case "time" -> time = input.integer();
                case "documents" -> documents = inPlace(input, DocumentReader::page);
                case "position" -> position = input.stringOrNull();
                case "cursor" -> cursor = input.string();
                case "total" -> total = input.integer();
                case "last" -> last = outcomeOrNull(input);
                case "schema" -> schema = input.stringOrNull();
                default -> members.skip();
            }
        }
        return new SnapshotPage(
                require(time, "time"),
                documents(documents, input, BatchSource::page).documents(),
                position,
                require(cursor, "cursor"),
                require(total, "total"),
                last,
                schema);
    }

    static FeedRequest feedRequest(JsonInput input) { // P-20
        List<FeedRequest.Start> spaces = null;
        JsonInput.Members members = input.members();
        for (String name = members.next(); name != null; name = members.next()) {
            if (name.equals("spaces")) {
                spaces = new ArrayList<>();
                JsonInput.Elements elements = input.elements();
                while (elements.next()) {
                    spaces.add(feedStart(input));
                }
            } else {
                members.skip();
            }
        }
        return new FeedRequest(require(spaces, "spaces"));
    }

    private static FeedRequest.Start feedStart(JsonInput input) {
        String space = null;
        String cursor = null;
        JsonInput.Members members = input.members();
        for (String name = members.next(); name != null; name = members.next()) {
            switch (name) {
                case "space" -> space = input.string();
                case "cursor" -> cursor = input.string();
                default -> members.skip();
            }
        }
        return new FeedRequest.Start(require(space, "space"), require(cursor, "cursor"));
    }

    static Schema schema(JsonInput input) { // P-25
        Schema schema = null;
        JsonInput.Members members = input.members();
        for (String name = members.next(); name != null; name = members.next()) {
            if (name.equals("schema")) {
                schema = Schema.parse(input.source());
            } else {
                members.skip();
            }
        }
        return require(schema, "schema");
    }

    static Page page(JsonInput input) { // P-3, P-21, P-22
        PageDocuments documents = null;
        PageDocuments dropped = PageDocuments.NONE;
        List<DocumentId> withdrawn = List.of();
        String cursor = null;
        Boolean more = null;
        JsonInput.Members members = input.members();
        for (String name = members.next(); name != null; name = members.next()) {
            switch (name) {
                case "documents" -> documents = inPlace(input, DocumentReader::page);
                case "dropped" -> dropped = dropped(input);
                case "withdrawn" -> withdrawn = withdrawn(input);
                case "cursor" -> cursor = input.string();
                case "more" -> more = input.flag();
                default -> members.skip();
            }
        }
        boolean drops = !dropped.documents().isEmpty();
        PageDocuments brought =
                drops && input.batch() != null ? PageDocuments.NONE : documents(documents, input, BatchSource::page);
        return new Page(
                brought.documents(),
                brought.complete(),
                dropped.documents(),
                withdrawn,
                require(cursor, "cursor"),
                require(more, "more"));
    }

    /** What a page drops: here, or, where only {@code true} stands here, behind the envelope (M-27). */
    private static PageDocuments dropped(JsonInput input) {
        BatchSource batch = input.batch();
        if (batch == null) {
            return DocumentReader.page(input);
        }
        PageDocuments dropped = input.flag() ? batch.page() : PageDocuments.NONE;
        if (dropped.documents().isEmpty()) {
            throw MalformedException.of("a page that drops has what it drops behind its envelope (M-27)");
        }
        return dropped;
    }

    private static List<DocumentId> withdrawn(JsonInput input) {
        List<DocumentId> withdrawn = new ArrayList<>();
        JsonInput.Elements elements = input.elements();
        while (elements.next()) {
            String collection = null;
            Value id = null;
            JsonInput.Members members = input.members();
            for (String name = members.next(); name != null; name = members.next()) {
                switch (name) {
                    case "collection" -> collection = input.string();
                    case "id" -> id = input.value();
                    default -> members.skip();
                }
            }
            withdrawn.add(new DocumentId(require(collection, "collection"), require(id, "id")));
        }
        return withdrawn;
    }

    /** @param status of the answer that brought the problem, unless it names one itself */
    static Problem problem(JsonInput input, int status) { // P-14
        String code = null;
        String retry = "";
        long told = status;
        String detail = "";
        boolean tellsLast = false;
        PushOutcome last = null;
        JsonInput.Members members = input.members();
        for (String name = members.next(); name != null; name = members.next()) {
            switch (name) {
                case "code" -> code = input.string();
                case "retry" -> retry = input.string();
                case "status" -> told = input.integer();
                case "detail" -> detail = input.string();
                case "last" -> {
                    tellsLast = true;
                    last = outcomeOrNull(input);
                }
                default -> members.skip();
            }
        }
        ProblemCode known = ProblemCode.find(require(code, "code")).orElse(null);
        if (known != null) {
            return new Problem(known, detail, tellsLast, last);
        }
        return new Problem(ProblemCode.nearest(told, retry), code + ": " + detail, tellsLast, last); // P-27
    }

    private static @Nullable PushOutcome outcomeOrNull(JsonInput input) {
        return input.isNull() ? null : outcome(input);
    }

    static PushOutcome outcome(JsonInput input) { // P-5
        Long number = null;
        String nonce = null;
        List<Rejection> rejected = new ArrayList<>();
        JsonInput.Members members = input.members();
        for (String name = members.next(); name != null; name = members.next()) {
            switch (name) {
                case "number" -> number = input.integer();
                case "nonce" -> nonce = input.string();
                case "rejected" -> {
                    JsonInput.Elements elements = input.elements();
                    while (elements.next()) {
                        rejected.add(rejection(input));
                    }
                }
                default -> members.skip();
            }
        }
        return new PushOutcome(require(number, "number"), require(nonce, "nonce"), rejected);
    }

    private static Rejection rejection(JsonInput input) {
        String collection = null;
        Value id = null;
        String code = null;
        String detail = "";
        JsonInput.Members members = input.members();
        for (String name = members.next(); name != null; name = members.next()) {
            switch (name) {
                case "collection" -> collection = input.string();
                case "id" -> id = input.value();
                case "code" -> code = input.string();
                case "detail" -> detail = input.string();
                default -> members.skip();
            }
        }
        DocumentId document = new DocumentId(require(collection, "collection"), require(id, "id"));
        RejectionCode known = RejectionCode.find(require(code, "code")).orElse(null);
        return known != null
                ? new Rejection(document, known, detail)
                : new Rejection(document, RejectionCode.OTHER, code + ": " + detail); // P-27
    }
}
