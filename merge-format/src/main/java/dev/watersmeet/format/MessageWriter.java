package dev.watersmeet.format;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.Schema;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the members of each message, in the order in which the specification shows them. */
final class MessageWriter {
    private MessageWriter() {}

    static void syncRequest(JsonOutput out, SyncRequest request) { // P-2
        protocol(out);
        out.string("replica", request.replica().toString());
        out.string("cursor", request.cursor());
        out.flag("pull", request.pull());
        Push push = request.push();
        if (push != null) {
            out.object("push", () -> push(out, push));
        }
    }

    private static void push(JsonOutput out, Push push) { // P-4
        out.number("number", push.number());
        out.string("nonce", push.nonce());
        out.string("after", push.after());
        out.pushed(push.documents().stream().map(MessageWriter::readable).toList());
    }

    private static PushedDocument.Readable readable(PushedDocument document) {
        if (document instanceof PushedDocument.Readable readable) {
            return readable;
        }
        throw new IllegalArgumentException("the document " + document.id() + " has no cells to be written");
    }

    static void syncAnswer(JsonOutput out, SyncAnswer answer) { // P-2
        protocol(out);
        out.number("time", answer.time());
        schema(out, answer.schema());
        outcome(out, "push", answer.push());
        Page changes = answer.changes();
        if (changes != null) {
            out.object("changes", () -> page(out, changes));
        }
    }

    static void snapshot(JsonOutput out, SnapshotPage page) { // P-12
        protocol(out);
        out.number("time", page.time());
        schema(out, page.schema());
        out.documents(page.documents(), Set.of());
        out.string("position", page.position());
        out.string("cursor", page.cursor());
        out.number("total", page.total());
        lastPush(out, page.last());
    }

    static void page(JsonOutput out, Page page) {
        out.documents(page.documents(), page.complete());
        rest(out, page);
    }

    /** @param documents encodes them */
    static void page(JsonOutput out, Page page, Function<DocumentCells, byte[]> documents) {
        out.encoded(page.documents(), documents, page.complete());
        rest(out, page);
    }

    private static void rest(JsonOutput out, Page page) {
        out.dropped(page.dropped());
        if (!page.withdrawn().isEmpty()) {
            out.objects("withdrawn", page.withdrawn(), out::id);
        }
        out.string("cursor", page.cursor());
        out.flag("more", page.more());
    }

    static void problem(JsonOutput out, Problem problem) { // P-14, RFC 9457
        ProblemCode code = problem.code();
        out.string("type", "urn:watersmeet:problem:" + code.text());
        out.string("title", code.title());
        out.number("status", code.status());
        out.string("detail", problem.detail());
        out.string("code", code.text());
        out.string("retry", code.retry().text());
        if (problem.tellsLast()) {
            lastPush(out, problem.last());
        }
        if (code == ProblemCode.PROTOCOL_UNSUPPORTED) {
            out.array("supported", List.of(MergeFormat.PROTOCOL), out::number);
        }
    }

    private static void lastPush(JsonOutput out, @Nullable PushOutcome last) { // P-6
        if (last == null) {
            out.nothing("last");
        } else {
            outcome(out, "last", last);
        }
    }

    private static void outcome(JsonOutput out, String name, @Nullable PushOutcome outcome) {
        if (outcome != null) {
            out.object(name, () -> outcome(out, outcome));
        }
    }

    static void outcome(JsonOutput out, PushOutcome outcome) { // P-5
        out.number("number", outcome.number());
        out.string("nonce", outcome.nonce());
        out.objects("rejected", outcome.rejected(), rejection -> {
            out.id(rejection.id());
            out.string("code", rejection.code().text());
            out.string("detail", rejection.detail());
        });
    }

    static void feedRequest(JsonOutput out, FeedRequest request) { // P-20
        protocol(out);
        out.objects("spaces", request.spaces(), start -> {
            out.string("space", start.space());
            out.string("cursor", start.cursor());
        });
    }

    static void schema(JsonOutput out, Schema schema) { // P-25
        protocol(out);
        out.string("fingerprint", schema.fingerprint());
        out.canonical("schema", schema.toJson());
    }

    private static void schema(JsonOutput out, @Nullable String fingerprint) { // P-25
        if (fingerprint != null) {
            out.string("schema", fingerprint);
        }
    }

    private static void protocol(JsonOutput out) { // P-1
        out.number("protocol", MergeFormat.PROTOCOL);
    }
}
