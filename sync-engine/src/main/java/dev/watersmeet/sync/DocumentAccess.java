package dev.watersmeet.sync;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A policy at work in a space: it judges what is pushed, and sees to it that every document has the {@linkplain AccessMarks marks} that the policy gives its record. Thread-safe.
 *
 * <p>Marks are written with the edit that calls for them. Edits of one document are judged one after the other on this node; another node may come between reading and joining, so whoever has joined reads again and mends.
 * Should a node die in between, the marks are mended by whoever next sees them together with the record.
 */
final class DocumentAccess {
    private static final Logger log = LoggerFactory.getLogger(DocumentAccess.class);
    private static final String VERSION_KEY = "access/policy-version";
    /** Each needs a purge that drops something within the moment between reading and writing. */
    private static final int MAX_ATTEMPTS = 10;

    /** Each needs another edit of a document with wrong marks within the moment between reading and mending, or a policy that changes its mind. */
    static final int MAX_MENDS = 3;

    private static final int SCANNED_CELLS = 5_000;
    private static final int MENDED_AT_ONCE = 200;
    private static final int DOCUMENTS_A_REPORT = 10_000;

    private final Store store;
    private final SpaceId space;
    private final Collections collections;
    private final ServerReplica replica;
    private final ServerClock clock;
    private final Stripes documents;
    private final ReentrantLock marking = new ReentrantLock();
    private volatile @Nullable String marked;

    /** @param documents the locks of the space's documents */
    DocumentAccess(
            Store store,
            SpaceId space,
            Collections collections,
            ServerReplica replica,
            ServerClock clock,
            Stripes documents) {
        this.store = store;
        this.space = space;
        this.collections = collections;
        this.replica = replica;
        this.clock = clock;
        this.documents = documents;
    }

    /** Runs an action while no other on this node writes to the documents. */
    <T> T locked(Collection<DocumentId> ids, Supplier<T> action) {
        return documents.allLocked(ids, action);
    }

    /**
     * Judges what is pushed, which is locked.
     *
     * @param rejected what is refused is added here
     * @return the rest, with the marks that it calls for
     */
    List<DocumentCells> judge(
            DocumentPolicy policy,
            Principal principal,
            ReplicaId pusher,
            List<DocumentCells> pushed,
            List<Rejection> rejected) {
        Map<DocumentId, DocumentState> states = new HashMap<>(
                store.read(space, pushed.stream().map(DocumentCells::id).toList()));
        View view = View.of(policy, principal);
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
            Optional<Set<String>> readers = readers(policy, document.id(), after);
            Optional<String> refusal = barred
                    ? Optional.of("only who may read a document may change it")
                    : readers.isEmpty()
                            ? Optional.of("the policy cannot tell who may read the document then")
                            : refusal(policy, principal, document, before, after);
            if (refusal.isPresent()) {
                rejected.add(new Rejection(document.id(), RejectionCode.FORBIDDEN, refusal.get()));
            } else {
                accepted.add(with(document, marks(after, readers.orElseThrow(), view)));
                states.put(document.id(), after); // what a push names twice is not judged by what it was before
            }
        }
        return accepted;
    }

    /** Whether a document is others'. One that has no content is nobody's. */
    private boolean isBarred(DocumentPolicy policy, DocumentId id, DocumentState state, View view) {
        boolean hasContent = state.alive()
                || state.cells().keySet().stream().anyMatch(path -> path.kind().hasField() || path.equals(Path.ROOT));
        return hasContent && !view.isAmong(readers(policy, id, state).orElse(Set.of()));
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
    private DocumentState marks(DocumentState after, Set<String> readers, View view) {
        DocumentState marks = corrections(after, readers);
        if (!view.isAmong(readers) && !view.isAmong(AccessMarks.of(after).keySet())) {
            marks.join(Path.access(view.own()), Cell.removed(tick(after)));
        }
        return marks;
    }

    /** An edit of the server's own with the marks that it calls for. */
    DocumentCells marked(DocumentPolicy policy, DocumentCells edit, DocumentState before) {
        DocumentState after = before.copy();
        after.join(edit.cells());
        return with(edit, corrections(policy, edit.id(), after));
    }

    private static DocumentCells with(DocumentCells edit, DocumentState marks) {
        if (marks.isEmpty()) {
            return edit;
        }
        marks.join(edit.cells());
        return new DocumentCells(edit.id(), marks);
    }

    private DocumentState corrections(DocumentPolicy policy, DocumentId id, DocumentState state) {
        return corrections(state, readers(policy, id, state).orElse(Set.of()));
    }

    private DocumentState corrections(DocumentState state, Set<String> readers) {
        return AccessMarks.corrections(state, readers, () -> tick(state));
    }

    /** A stamp above all of a document. */
    private Stamp tick(DocumentState state) {
        state.forEach((path, cell) -> clock.observe(cell.stamp()));
        return replica.tick();
    }

    /** The audiences that may read a document; empty if the policy fails, so that nobody may: it is code of others, and records are data of others again. */
    private Optional<Set<String>> readers(DocumentPolicy policy, DocumentId id, DocumentState state) {
        try {
            Set<String> readers = policy.readers(id, Records.undeleted(state, collections.schema(id.collection())));
            if (readers.size() > DocumentPolicy.MAX_READERS) {
                log.warn(
                        "{} of {} has {} audiences, of at most {}: nobody may read it",
                        id,
                        space,
                        readers.size(),
                        DocumentPolicy.MAX_READERS);
                return Optional.empty();
            }
            readers.forEach(DocumentAccess::requireName);
            return Optional.of(readers);
        } catch (RuntimeException e) {
            log.warn("the policy of {} cannot tell who may read {}: nobody may", space, id, e);
            return Optional.empty();
        }
    }

    private static void requireName(String audience) {
        if (audience.startsWith(View.OWN)) {
            throw new IllegalArgumentException("the name of an audience does not start with U+0000");
        }
        Path.access(audience); // throws if it is too long
    }

    /** Who may read a document, both by its marks and by the policy, and whether these agree. */
    Readers readers(DocumentPolicy policy, DocumentCells document) {
        Map<String, Cell> marks = AccessMarks.of(document.cells());
        Set<String> marked = AccessMarks.readers(marks);
        Set<String> judged = readers(policy, document.id(), document.cells()).orElse(Set.of());
        if (marked.equals(judged)) {
            return new Readers(marks, marked, true);
        }
        Set<String> both = new HashSet<>(marked);
        both.retainAll(judged);
        return new Readers(marks, both, false);
    }

    /** The documents that a view shows, as they may travel. */
    List<DocumentCells> shown(View view, List<DocumentCells> found) {
        List<DocumentCells> documents = found;
        for (int attempt = 1; ; attempt++) {
            List<DocumentCells> shown = new ArrayList<>();
            Set<DocumentId> wrong = new HashSet<>();
            for (DocumentCells document : documents) {
                Readers readers = readers(view.policy(), document);
                if (!readers.agreed()) {
                    wrong.add(document.id());
                }
                if (view.isAmong(readers.audiences())) {
                    shown.add(AccessMarks.without(document));
                }
            }
            if (!mend(view.policy(), wrong) || attempt == MAX_MENDS) {
                return shown;
            }
            documents = readAgain(documents, wrong);
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

    /**
     * Who may read a document.
     *
     * @param marks its marks, by audience
     * @param audiences those who may: both by the marks and by the policy
     * @param agreed whether the marks are as the policy says
     */
    record Readers(Map<String, Cell> marks, Set<String> audiences, boolean agreed) {}

    /**
     * Mends the marks of documents, unless another version of the policy holds in this space: then somebody else does. What was judged before is to be judged anew: who was shown nothing of a document whose marks turn out to be right by now would
     * never be told what they missed.
     *
     * @return whether that was to do, and was done
     */
    boolean mend(DocumentPolicy policy, Collection<DocumentId> ids) {
        if (ids.isEmpty()) {
            return false;
        }
        Optional<String> holding = version();
        if (holding.isEmpty()) {
            marked = null; // the space was deleted, or put back to before it had a policy: the next request marks it
        } else if (holding.get().equals(View.version(policy))) {
            locked(ids, () -> {
                mendLocked(policy, ids);
                return ids;
            });
            return true;
        }
        return false;
    }

    /** Mends the marks of documents, which are locked. */
    void mendLocked(DocumentPolicy policy, Collection<DocumentId> ids) {
        Set<DocumentId> full = new HashSet<>();
        for (int attempt = 1; ; attempt++) {
            Cursor basis = store.head(space);
            List<DocumentCells> mended = new ArrayList<>();
            store.read(space, ids).forEach((id, state) -> {
                DocumentState corrections = corrections(policy, id, state);
                if (!corrections.isEmpty() && !full.contains(id)) {
                    mended.add(new DocumentCells(id, corrections));
                }
            });
            if (mended.isEmpty()) {
                return;
            }
            try {
                Batches.of(mended, store.capabilities().limits())
                        .forEach(batch ->
                                store.join(space, batch.basedOn(basis))); // so that no mark outlives its document
                return;
            } catch (StoreException e) {
                if (full.addAll(e.documents())) {
                    log.error("no room for the marks of {}, which who lacks one of them cannot read", e.documents(), e);
                    continue;
                }
                if (attempt == MAX_ATTEMPTS || e.kind() != StoreException.Kind.CURSOR_EXPIRED) {
                    throw e;
                }
            }
        }
    }

    /** The version of the policy by which the documents are marked. */
    private Optional<String> version() {
        return store.metadata(space).get(VERSION_KEY);
    }

    /**
     * Sees to it that all documents are marked by a version of the policy.
     *
     * @throws ProblemException {@code store-unavailable} while another request does that: it takes as long as reading the whole space
     */
    void ensureMarked(DocumentPolicy policy) {
        String version = View.version(policy);
        if (version.equals(marked)) {
            return;
        }
        if (!marking.tryLock()) {
            throw new ProblemException(Problem.of(
                    ProblemCode.STORE_UNAVAILABLE,
                    "who may read the documents of " + space + " is being worked out anew"));
        }
        try {
            if (!version().equals(Optional.of(version))) {
                markAll(policy, version);
            }
            marked = version;
        } finally {
            marking.unlock();
        }
    }

    private void markAll(DocumentPolicy policy, String version) {
        log.info("marking who may read the documents of {} by version {} of the policy", space, version);
        Metadata metadata = store.metadata(space);
        String former = metadata.get(VERSION_KEY).orElse(null);
        long count = 0;
        Cursor position = null;
        do {
            Scan scan = store.scan(space, position, SCANNED_CELLS);
            List<DocumentId> wrong = scan.documents().stream()
                    .filter(document -> !readers(policy, document).agreed())
                    .map(DocumentCells::id)
                    .toList();
            for (int from = 0; from < wrong.size(); from += MENDED_AT_ONCE) {
                List<DocumentId> some = wrong.subList(from, Math.min(wrong.size(), from + MENDED_AT_ONCE));
                locked(some, () -> {
                    mendLocked(policy, some);
                    return some;
                });
            }
            long before = count;
            count += scan.documents().size();
            if (before / DOCUMENTS_A_REPORT != count / DOCUMENTS_A_REPORT) {
                log.info("{} documents of {} are marked", count, space);
            }
            position = scan.position();
        } while (position != null);
        if (!metadata.compareAndSet(VERSION_KEY, former, version)) {
            log.warn("another node has marked {} meanwhile: run the same version of the policy on all", space);
        }
        log.info("all {} documents of {} are marked", count, space);
    }
}
