package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What stands between a client and the servers: nothing, unless a bug of the client is planted there, by changing what it says and hears. */
final class Wire {
    private final PlantedBug bug;
    private final Map<DocumentId, DocumentState> read = new TreeMap<>();
    private final GoneOnLives lives = new GoneOnLives();
    private final Twinned twinned = new Twinned();

    /** The last push that was sent, and that was refused because of a purge. */
    private @Nullable Push sent;

    private @Nullable Push refused;

    /** Whether the client has heard that the server was put back. */
    private boolean restored;

    Wire(PlantedBug bug) {
        this.bug = bug;
    }

    /** What the client says. */
    SyncRequest said(SyncRequest request) {
        twinned.said(request.replica(), request.push());
        return switch (bug) {
            case SILENT_REMOVAL ->
                without(request, (document, path) -> path.kind() == Kind.EXISTENCE && onlyRemoves(document));
            case NO_BASE -> without(request, (document, path) -> path.kind() == Kind.COUNTER_BASE);
            case LIFE_GONE_ON_WITH -> with(request, document -> lives.said(document, request.replica()));
            case REVERT_IS_NO_EDIT -> without(request, this::isAsRead);
            case COUNTER_TOTAL_MOVED ->
                with(
                        request,
                        document ->
                                twinned.withTotals(document, held(document.id()).cells()));
            case NOT_FORMED_ANEW -> asItWas(request);
            case NOT_OFFERED_AGAIN -> restored ? withoutWhole(request) : request;
            default -> request;
        };
    }

    private static SyncRequest withoutWhole(SyncRequest request) {
        Push push = request.push();
        if (push == null) {
            return request;
        }
        List<PushedDocument> documents = push.documents().stream()
                .filter(document -> !((PushedDocument.Readable) document).whole())
                .toList();
        return new SyncRequest(
                request.replica(),
                request.cursor(),
                request.pull(),
                new Push(push.number(), push.nonce(), push.after(), documents));
    }

    /** A push in the place of one that was refused has the same documents. */
    private SyncRequest asItWas(SyncRequest request) {
        Push push = request.push();
        Push before = refused;
        if (push != null && before != null && push.number() == before.number()) {
            push = new Push(push.number(), push.nonce(), push.after(), before.documents());
        }
        sent = push;
        return new SyncRequest(request.replica(), request.cursor(), request.pull(), push);
    }

    private static boolean onlyRemoves(DocumentCells document) {
        return document.cells().cells().entrySet().stream()
                .allMatch(entry -> entry.getValue().removed() || entry.getKey().kind() == Kind.EXISTENCE);
    }

    private boolean isAsRead(DocumentCells document, Path path) {
        DocumentState state = read.get(document.id());
        Cell before = state == null ? null : state.get(path);
        Cell now = document.cells().get(path);
        return path.kind() == Kind.REGISTER
                && before != null
                && now != null
                && before.removed() == now.removed()
                && java.util.Objects.equals(before.value(), now.value());
    }

    private static SyncRequest without(SyncRequest request, BiPredicate<DocumentCells, Path> omitted) {
        return with(request, document -> {
            Map<Path, Cell> cells = new HashMap<>(document.cells().cells());
            cells.keySet().removeIf(path -> omitted.test(document, path));
            return new DocumentCells(document.id(), DocumentState.of(cells));
        });
    }

    private static SyncRequest with(SyncRequest request, UnaryOperator<DocumentCells> changed) {
        Push push = request.push();
        if (push == null) {
            return request;
        }
        List<PushedDocument> documents = new ArrayList<>();
        for (PushedDocument pushed : push.documents()) {
            PushedDocument.Readable readable = (PushedDocument.Readable) pushed;
            documents.add(new PushedDocument.Readable(changed.apply(readable.document()), readable.whole()));
        }
        return new SyncRequest(
                request.replica(),
                request.cursor(),
                request.pull(),
                new Push(push.number(), push.nonce(), push.after(), documents));
    }

    /** What the client hears. */
    SyncAnswer heard(SyncAnswer answer) {
        Page page = answer.changes();
        if (page != null && bug == PlantedBug.LIFE_GONE_ON_WITH) {
            return new SyncAnswer(answer.time(), answer.push(), heard(page));
        }
        if (page != null) {
            page.documents().forEach(this::keep);
            if (bug == PlantedBug.DROPPED_IGNORED && !page.dropped().isEmpty()) {
                return new SyncAnswer(answer.time(), answer.push(), new Page(List.of(), page.cursor(), page.more()));
            }
        }
        return answer;
    }

    private Page heard(Page page) {
        return new Page(
                page.documents().stream().map(lives::heard).toList(),
                page.complete(),
                page.dropped().stream().map(lives::heard).toList(),
                page.withdrawn(),
                page.cursor(),
                page.more());
    }

    SnapshotPage heard(SnapshotPage page) {
        if (bug == PlantedBug.LIFE_GONE_ON_WITH) {
            return with(page, page.documents().stream().map(lives::heard).toList(), page.last());
        }
        if (bug == PlantedBug.RESYNC_JOINS) {
            page.documents().forEach(this::keep);
            List<DocumentCells> joined = new ArrayList<>();
            boolean last = page.position() == null;
            page.documents().forEach(document -> joined.add(held(document.id())));
            if (last) { // also what the server no longer has
                read.keySet().stream()
                        .map(this::held)
                        .filter(document -> !joined.contains(document))
                        .forEach(joined::add);
            }
            return with(page, joined, page.last());
        }
        if (page.position() == null) {
            page.documents().forEach(document -> read.remove(document.id()));
        }
        page.documents().forEach(this::keep);
        if (bug == PlantedBug.RESTAMPED_WHAT_WAS_SENT) {
            return with(page, page.documents(), twinned.heard(page.last()));
        }
        return bug == PlantedBug.NOT_SETTLED ? with(page, page.documents(), null) : page;
    }

    private static SnapshotPage with(SnapshotPage page, List<DocumentCells> documents, @Nullable PushOutcome last) {
        return new SnapshotPage(page.time(), documents, page.position(), page.cursor(), page.total(), last);
    }

    Problem heard(Problem problem) {
        restored |= problem.code() == ProblemCode.RESTORED;
        if (problem.code() == ProblemCode.PURGED) {
            refused = sent;
        }
        if (bug == PlantedBug.RESTAMPED_WHAT_WAS_SENT && problem.tellsLast()) {
            return new Problem(problem.code(), problem.detail(), twinned.heard(problem.last()));
        }
        return bug == PlantedBug.NOT_SETTLED ? Problem.of(problem.code(), problem.detail()) : problem;
    }

    private DocumentCells held(DocumentId document) {
        return new DocumentCells(
                document, read.getOrDefault(document, DocumentState.empty()).copy());
    }

    private void keep(DocumentCells document) {
        read.computeIfAbsent(document.id(), id -> DocumentState.empty()).join(document.cells());
    }
}
