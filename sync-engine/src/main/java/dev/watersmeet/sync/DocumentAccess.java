package dev.watersmeet.sync;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A policy at work in a space: it judges what is pushed, and what is shown to whom. Thread-safe. */
final class DocumentAccess {
    private static final Logger log = LoggerFactory.getLogger(DocumentAccess.class);

    private final Store store;
    private final SpaceId space;
    private final Collections collections;
    private final PolicyReaders readers;
    private final AccessMarking marking;

    DocumentAccess(Store store, Collections collections, PolicyReaders readers, AccessMarking marking) {
        this.store = store;
        this.space = readers.space();
        this.collections = collections;
        this.readers = readers;
        this.marking = marking;
    }

    /** Whom a policy lets read the documents. */
    PolicyReaders readers() {
        return readers;
    }

    /** What sees to the marks. */
    AccessMarking marking() {
        return marking;
    }

    /**
     * Judges what is pushed, which is locked.
     *
     * @param view what the principal sees
     * @param rejected what is refused is added here
     * @return the rest, with the marks that it calls for
     */
    List<DocumentCells> judge(
            View view, Principal principal, ReplicaId pusher, List<DocumentCells> pushed, List<Rejection> rejected) {
        Map<DocumentId, DocumentState> states = new HashMap<>(
                store.read(space, pushed.stream().map(DocumentCells::id).toList()));
        DocumentPolicy policy = view.policy();
        List<DocumentCells> accepted = new ArrayList<>(pushed.size());
        for (DocumentCells document : pushed) {
            DocumentState before = states.getOrDefault(document.id(), DocumentState.empty());
            boolean barred = isBarred(policy, document.id(), before, view);
            boolean there = barred
                    ? wasPushed(before, document.cells(), pusher)
                    : !DocumentChange.changes(before, document.cells());
            if (there) {
                accepted.add(document);
                continue;
            }
            DocumentState after = before.copy();
            after.join(document.cells());
            Optional<Set<String>> audiences = readers.of(policy, document.id(), after);
            Optional<String> refusal = barred
                    ? Optional.of("only who may read a document may change it")
                    : audiences.isEmpty()
                            ? Optional.of("the policy cannot tell who may read the document then")
                            : refusal(policy, principal, document, before, after);
            if (refusal.isPresent()) {
                rejected.add(new Rejection(document.id(), RejectionCode.FORBIDDEN, refusal.get()));
            } else {
                accepted.add(with(document, marks(after, audiences.orElseThrow(), view)));
                states.put(document.id(), after); // what a push names twice is not judged by what it was before
            }
        }
        return accepted;
    }

    /** Whether a document is others'. One that has no content is nobody's. */
    private boolean isBarred(DocumentPolicy policy, DocumentId id, DocumentState state, View view) {
        boolean hasContent = state.alive()
                || state.cells().keySet().stream().anyMatch(path -> path.kind().hasField() || path.equals(Path.ROOT));
        return hasContent && !view.isAmong(readers.of(policy, id, state).orElse(Set.of()));
    }

    /**
     * Whether a push is there already that its replica has made: some of one may be joined before it is interrupted. Asked of who may not read the document: the answer must not tell how guessed cells compare with those of others.
     */
    private static boolean wasPushed(DocumentState before, DocumentState pushed, ReplicaId pusher) {
        Cell existence = pushed.get(Path.existence(pusher));
        boolean made = existence != null && existence.equals(before.get(Path.existence(pusher)));
        return pushed.cells().entrySet().stream().allMatch(entry -> {
            Path path = entry.getKey();
            Cell cell = entry.getValue();
            Cell there = before.get(path);
            boolean own = cell.stamp().replica().equals(pusher) && !path.hasReplica();
            return cell.equals(there) || (made && own && !cell.wins(there));
        });
    }

    private Optional<String> refusal(
            DocumentPolicy policy,
            Principal principal,
            DocumentCells pushed,
            DocumentState before,
            DocumentState after) {
        DocumentId id = pushed.id();
        try {
            return policy.refuse(
                    principal,
                    DocumentChange.of(id, collections.schema(id.collection()), before, after, pushed.cells()));
        } catch (RuntimeException e) {
            log.warn("the policy of {} cannot tell who may change {}: nobody may", space, id, e);
            return Optional.of("the policy cannot tell whether that may be changed");
        }
    }

    /** The marks that a document lacks. Who has created what is for others only is marked as gone from it, for their clients hold it. */
    private DocumentState marks(DocumentState after, Set<String> audiences, View view) {
        DocumentState marks = marking.corrections(after, audiences);
        if (!view.isAmong(audiences) && !view.isAmong(AccessMarks.of(after).keySet())) {
            marks.join(Path.access(view.own()), Cell.removed(marking.tick(after)));
        }
        return marks;
    }

    /** An edit of the server's own with the marks that it calls for. */
    DocumentCells marked(DocumentPolicy policy, DocumentCells edit, DocumentState before) {
        DocumentState after = before.copy();
        after.join(edit.cells());
        return with(edit, marking.corrections(policy, edit.id(), after));
    }

    private static DocumentCells with(DocumentCells edit, DocumentState marks) {
        if (marks.isEmpty()) {
            return edit;
        }
        marks.join(edit.cells());
        return new DocumentCells(edit.id(), marks);
    }

    /** The documents that a view shows, as they may travel. */
    List<DocumentCells> shown(View view, List<DocumentCells> documents) {
        List<DocumentCells> judged = documents;
        for (int attempt = 1; ; attempt++) {
            List<DocumentCells> shown = new ArrayList<>();
            Set<DocumentId> wrong = new HashSet<>();
            for (DocumentCells document : judged) {
                Readers found = readers.of(view.policy(), document);
                if (!found.agreed()) {
                    wrong.add(document.id());
                }
                if (view.isAmong(found.audiences())) {
                    shown.add(AccessMarks.without(document));
                }
            }
            if (!marking.mend(view.policy(), wrong) || attempt == AccessMarking.MAX_MENDS) {
                return shown;
            }
            judged = readAgain(judged, wrong);
        }
    }

    private List<DocumentCells> readAgain(List<DocumentCells> documents, Set<DocumentId> ids) {
        Map<DocumentId, DocumentState> now = store.read(space, ids);
        return documents.stream()
                .map(document -> ids.contains(document.id())
                        ? new DocumentCells(document.id(), now.getOrDefault(document.id(), DocumentState.empty()))
                        : document)
                .filter(document -> !document.cells().isEmpty())
                .toList();
    }
}
