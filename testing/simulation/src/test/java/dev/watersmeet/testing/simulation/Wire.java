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
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What stands between a client and the servers: nothing, unless a bug of the client is planted there, by changing what it says and hears. */
final class Wire {
    private static final Path HIDDEN = Model.path(Model.PLACE_Y);
    private static final Path COVERING = Model.path(Model.PLACE_Z);

    private final PlantedBug bug;
    private final Map<DocumentId, DocumentState> read = new TreeMap<>();
    private final GoneOnLives lives = new GoneOnLives();
    private final Twinned twinned = new Twinned();
    private final Restamped restamped;

    /** The last push that was sent, and that was refused because of a purge. */
    private @Nullable Push sent;

    private @Nullable Push refused;

    /** Whether the client has heard that the server was put back. */
    private boolean restored;

    Wire(PlantedBug bug) {
        this.bug = bug;
        this.restamped = new Restamped(bug);
    }

    /** What the client says. */
    SyncRequest said(SyncRequest request) {
        twinned.said(request.replica(), request.push());
        return switch (bug) {
            case SILENT_REMOVAL ->
                without(request, (document, path) -> path.kind() == Kind.EXISTENCE && onlyRemoves(document));
            case BARE_EXISTENCE_LEFT_OUT ->
                without(request, (document, path) -> document.cells().cells().keySet().stream()
                        .allMatch(other -> other.kind() == Kind.EXISTENCE));
            case HIDDEN_LEAF_STAYS -> without(request, (document, path) -> path.equals(HIDDEN) && isCovered(document));
            case NO_BASE -> without(request, (document, path) -> path.kind() == Kind.COUNTER_BASE);
            case LIFE_GONE_ON_WITH -> with(request, document -> lives.said(document, request.replica()));
            case REVERT_IS_NO_EDIT -> without(request, this::isAsRead);
            case COUNTER_TOTAL_MOVED ->
                with(
                        request,
                        document ->
                                twinned.withTotals(document, held(document.id()).cells()));
            case RESTAMPED_IN_ANOTHER_ORDER, RESTAMPED_BUT_REMOVALS, RESTAMPED_DOWNWARD -> restamped(request);
            case UPLOADED_IN_PART -> with(request, PushedDocument.Readable::whole, this::unread);
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

    private SyncRequest restamped(SyncRequest request) {
        if (request.push() != null) {
            restamped.said(request.replica(), request.push());
        }
        return with(request, restamped::said);
    }

    /** What of a document the client has not read. */
    private DocumentCells unread(DocumentCells document) {
        DocumentState state = held(document.id()).cells();
        return without(
                document,
                path -> Objects.equals(state.get(path), document.cells().get(path)));
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
                && Objects.equals(before.value(), now.value());
    }

    private boolean isCovered(DocumentCells document) {
        DocumentState state = held(document.id()).cells();
        state.join(document.cells());
        Cell covering = state.get(COVERING);
        return covering != null && !covering.removed();
    }

    private static SyncRequest without(SyncRequest request, BiPredicate<DocumentCells, Path> omitted) {
        return with(request, document -> without(document, path -> omitted.test(document, path)));
    }

    private static SyncRequest with(SyncRequest request, UnaryOperator<DocumentCells> changed) {
        return with(request, document -> true, changed);
    }

    private static SyncRequest with(
            SyncRequest request, Predicate<PushedDocument.Readable> which, UnaryOperator<DocumentCells> changed) {
        Push push = request.push();
        if (push == null) {
            return request;
        }
        List<PushedDocument> documents = new ArrayList<>();
        for (PushedDocument pushed : push.documents()) {
            PushedDocument.Readable readable = (PushedDocument.Readable) pushed;
            DocumentCells document = which.test(readable) ? changed.apply(readable.document()) : readable.document();
            documents.add(new PushedDocument.Readable(document, readable.whole()));
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
        return page == null ? answer : new SyncAnswer(answer.time(), answer.push(), heard(page));
    }

    private Page heard(Page page) {
        page.documents().forEach(this::keep);
        if (bug == PlantedBug.DROPPED_IGNORED && !page.dropped().isEmpty()) {
            return new Page(List.of(), page.cursor(), page.more());
        }
        return new Page(
                page.documents().stream().map(this::heard).toList(),
                page.complete(),
                page.dropped().stream().map(this::heard).toList(),
                page.withdrawn(),
                page.cursor(),
                page.more());
    }

    private DocumentCells heard(DocumentCells document) {
        return switch (bug) {
            case LIFE_GONE_ON_WITH -> lives.heard(document);
            case RESTAMPED_IN_ANOTHER_ORDER, RESTAMPED_BUT_REMOVALS, RESTAMPED_DOWNWARD -> restamped.heard(document);
            case ALIVE_BY_OTHER_CELLS ->
                without(document, path -> path.kind() == Kind.EXISTENCE && isBare(path, document));
            case LATEST_DELETION_IGNORED -> without(document, Path.DELETION_BY_ANY::equals);
            default -> document;
        };
    }

    /** Whether no other live cell bears the stamp of an existence. */
    private static boolean isBare(Path existence, DocumentCells document) {
        Map<Path, Cell> cells = document.cells().cells();
        Cell of = Objects.requireNonNull(cells.get(existence));
        return cells.entrySet().stream()
                .noneMatch(entry -> !entry.getKey().equals(existence)
                        && !entry.getValue().removed()
                        && entry.getValue().stamp().equals(of.stamp()));
    }

    private static DocumentCells without(DocumentCells document, Predicate<Path> omitted) {
        Map<Path, Cell> cells = new HashMap<>(document.cells().cells());
        cells.keySet().removeIf(omitted);
        return new DocumentCells(document.id(), DocumentState.of(cells));
    }

    SnapshotPage heard(SnapshotPage page) {
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
        PushOutcome last =
                switch (bug) {
                    case RESTAMPED_WHAT_WAS_SENT -> twinned.heard(page.last());
                    case NOT_SETTLED -> null;
                    default -> page.last();
                };
        return with(page, page.documents().stream().map(this::heard).toList(), last);
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
