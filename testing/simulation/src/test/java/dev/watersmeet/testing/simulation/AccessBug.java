package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.sync.SyncEngine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A rule of access by document (P-22, P-24) that is switched off by changing what goes to an engine and comes from it. */
enum AccessBug {
    /** All is as it should be. */
    NONE,
    /** Nobody hears that a document is withdrawn. */
    WITHDRAWAL_LEFT_OUT,
    /** Of a document that comes to be readable only the latest edit arrives. */
    PART_FOR_THE_WHOLE,
    /** Everybody hears that there are documents that they may not read. */
    NAME_TOLD,
    /** A page says that it is the last although the log goes on. */
    MORE_LEFT_OUT,
    /** A push of what its sender may not read is refused, and joined. */
    BARRED_PUSH_TAKEN,
    /** Marks are written with the edits that call for them, and not mended. */
    MARKS_NOT_MENDED,
    /** Of a push of several documents one is accepted, and not joined. */
    ACCEPTED_AND_DROPPED,
    /** A cursor of other memberships is taken. */
    ANY_VIEWS_CURSOR;

    /** A server's store. */
    NodeStore store(SharedStore shared, NodeStore.Faults faults) {
        if (this != MARKS_NOT_MENDED) {
            return new NodeStore(shared, faults);
        }
        return new NodeStore(shared, faults) {
            @Override
            public Cursor join(SpaceId space, Batch batch) {
                boolean onlyMarks = batch.mark() == null
                        && batch.documents().stream()
                                .flatMap(document -> document.cells().cells().keySet().stream())
                                .allMatch(path -> path.kind() == Kind.ACCESS);
                return onlyMarks ? head(space) : super.join(space, batch);
            }
        };
    }

    /** What becomes of a request. */
    SyncRequest on(SyncRequest request, SyncEngine engine, Principal principal) {
        Push push = request.push();
        if (this == ACCEPTED_AND_DROPPED && push != null && push.documents().size() > 1) {
            List<PushedDocument> fewer =
                    push.documents().subList(1, push.documents().size());
            Push some = new Push(push.number(), push.nonce(), push.after(), fewer);
            return new SyncRequest(request.replica(), request.cursor(), request.pull(), some);
        }
        if (this != ANY_VIEWS_CURSOR || request.cursor() == null) {
            return request;
        }
        String now = engine.snapshot(principal, SharedStore.SPACE, request.replica(), null)
                .cursor();
        String cursor = now.substring(0, now.lastIndexOf(VIEW_END) + 1)
                + request.cursor().substring(request.cursor().lastIndexOf(VIEW_END) + 1);
        return new SyncRequest(request.replica(), cursor, request.pull(), request.push());
    }

    /**
     * What becomes of an answer.
     *
     * @param join joins a batch past the engine
     */
    SyncAnswer on(SyncAnswer answer, SyncRequest request, Consumer<Batch> join) {
        if (this != BARRED_PUSH_TAKEN || request.push() == null || answer.push() == null) {
            return answer;
        }
        Set<DocumentId> rejected = new HashSet<>();
        answer.push().rejected().forEach(rejection -> rejected.add(rejection.id()));
        request.push().documents().stream()
                .filter(document -> rejected.contains(document.id()))
                .forEach(document -> join.accept(Batch.of(List.of(((PushedDocument.Readable) document).document()))));
        PushOutcome outcome =
                new PushOutcome(answer.push().number(), answer.push().nonce(), List.of());
        return new SyncAnswer(answer.time(), outcome, answer.changes());
    }

    private static final char VIEW_END = '~';

    /**
     * What becomes of a page.
     *
     * @param all the documents that there are
     */
    Page on(Page page, Collection<DocumentId> all) {
        return switch (this) {
            case NONE, BARRED_PUSH_TAKEN, MARKS_NOT_MENDED, ACCEPTED_AND_DROPPED, ANY_VIEWS_CURSOR -> page;
            case MORE_LEFT_OUT ->
                new Page(page.documents(), page.complete(), page.dropped(), page.withdrawn(), page.cursor(), false);
            case WITHDRAWAL_LEFT_OUT -> with(page, page.documents(), page.complete(), List.of());
            case PART_FOR_THE_WHOLE ->
                with(
                        page,
                        page.documents().stream()
                                .map(document -> page.complete().contains(document.id()) ? latest(document) : document)
                                .toList(),
                        Set.of(),
                        page.withdrawn());
            case NAME_TOLD -> {
                List<DocumentId> withdrawn = new ArrayList<>(all);
                page.documents().forEach(document -> withdrawn.remove(document.id()));
                page.dropped().forEach(document -> withdrawn.remove(document.id()));
                yield with(page, page.documents(), page.complete(), withdrawn);
            }
        };
    }

    private static Page with(
            Page page, List<DocumentCells> documents, Set<DocumentId> complete, List<DocumentId> withdrawn) {
        return new Page(documents, complete, page.dropped(), withdrawn, page.cursor(), page.more());
    }

    private static DocumentCells latest(DocumentCells document) {
        Stamp latest = document.cells().cells().values().stream()
                .map(Cell::stamp)
                .max(Stamp::compareTo)
                .orElseThrow();
        Map<Path, Cell> cells = new HashMap<>(document.cells().cells());
        cells.values().removeIf(cell -> !cell.stamp().equals(latest));
        return new DocumentCells(document.id(), DocumentState.of(cells));
    }
}
