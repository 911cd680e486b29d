package dev.watersmeet.sync;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes numbered pushes (P-4 to P-11). Thread-safe; pushes of one replica are taken one after the other.
 *
 * <p>Other nodes on the same store take pushes, too, and a node may pause between its checks and its join. So a push is joined as the one that follows the mark which was checked (S-24); if that has moved, it is checked again.
 */
final class Pushes {
    private static final Logger log = LoggerFactory.getLogger(Pushes.class);
    /** Each needs another node that takes a push of the same replica within the moment between checking and joining. */
    private static final int MAX_ATTEMPTS = 10;

    private final Store store;
    private final Collections collections;
    private final ServerClock clock;
    private final Access access;
    private final Function<SpaceId, DocumentAccess> documentAccess;
    private final Stripes replicas = new Stripes();

    /** @param documentAccess asked for where there is a policy for documents */
    Pushes(
            Store store,
            Collections collections,
            ServerClock clock,
            Access access,
            Function<SpaceId, DocumentAccess> documentAccess) {
        this.store = store;
        this.collections = collections;
        this.clock = clock;
        this.access = access;
        this.documentAccess = documentAccess;
    }

    /** What became of the last accepted push of a replica; null if there was none. */
    @Nullable
    PushOutcome last(Principal principal, SpaceId space, ReplicaId replica) {
        return outcome(mark(principal, space, replica));
    }

    private @Nullable Mark mark(Principal principal, SpaceId space, ReplicaId replica) {
        Optional<Mark> mark = store.mark(space, replica);
        if (mark.isPresent() && !mark.get().principal().equals(principal.name())) { // P-10
            throw ProblemException.of(
                    ProblemCode.REPLICA_BOUND, "the replica id " + replica + " belongs to another principal");
        }
        return mark.orElse(null);
    }

    private static @Nullable PushOutcome outcome(@Nullable Mark mark) {
        return mark == null ? null : MergeFormat.readOutcome(mark.outcome());
    }

    /** @param permission of the principal in the space, which includes to write */
    PushOutcome take(Principal principal, Permission permission, SpaceId space, SyncRequest request, Push push) {
        ReplicaId replica = request.replica();
        return replicas.locked(replica, () -> {
            for (int attempt = 1; ; attempt++) {
                try {
                    return tryTake(principal, permission, space, request, push);
                } catch (StoreException e) {
                    if (e.kind() != StoreException.Kind.MARK_MOVED || attempt == MAX_ATTEMPTS) {
                        throw e;
                    }
                }
            }
        });
    }

    private PushOutcome tryTake(
            Principal principal, Permission permission, SpaceId space, SyncRequest request, Push push) {
        Mark last = mark(principal, space, request.replica());
        if (last != null && last.number() == push.number() && last.nonce().equals(push.nonce())) {
            return Objects.requireNonNull(outcome(last)); // P-5: a repetition is answered from the record
        }
        Optional<View> view = access.documents(space).map(policy -> View.of(policy, principal));
        Cursor cursor = cursor(request.cursor(), view, last);
        CursorState state = store.check(space, cursor);
        if (state == CursorState.BEFORE_RENEWAL) { // the copy may lack the pushes that this one follows
            throw behind(state, last);
        }
        checkOrder(push, last);
        if (state != CursorState.CURRENT) { // what the push knows of may have been purged since
            throw behind(state, last);
        }
        Limits limits = store.capabilities().limits();
        PushValidator validator = new PushValidator(
                request.replica(), clock.greatestMillis(), collections, limits, permission.mayRelay());
        return join(principal, space, validator, push, cursor, last, view);
    }

    private static void checkOrder(Push push, @Nullable Mark last) { // P-5
        long lastNumber = last == null ? 0 : last.number();
        String lastNonce = last == null ? null : last.nonce();
        boolean next = push.number() == lastNumber + 1;
        if (push.number() == lastNumber || (next && !Objects.equals(push.after(), lastNonce))) {
            throw refuse(
                    ProblemCode.REPLICA_CLONED,
                    "push " + push.number() + " does not follow what was accepted as push " + lastNumber,
                    last);
        }
        if (!next) {
            throw refuse(
                    ProblemCode.PUSH_OUT_OF_ORDER, "push " + push.number() + " came after push " + lastNumber, last);
        }
    }

    /** The store's cursor. Pages from one of another view would not tell that a document is withdrawn (P-24). */
    private static Cursor cursor(@Nullable String text, Optional<View> view, @Nullable Mark last) {
        if (text == null) { // P-11
            throw refuse(ProblemCode.PULL_FIRST, "the push has no cursor", last);
        }
        try {
            return new Cursor(view.isPresent() ? view.get().unwrap(text) : text);
        } catch (StoreException e) {
            throw behind(CursorState.EXPIRED, last);
        } catch (MalformedException e) {
            throw refuse(ProblemCode.MALFORMED, String.valueOf(e.getMessage()), last);
        }
    }

    private PushOutcome join(
            Principal principal,
            SpaceId space,
            PushValidator validator,
            Push push,
            Cursor basis,
            @Nullable Mark last,
            Optional<View> view) {
        ReplicaId replica = validator.replica();
        List<DocumentCells> accepted = new ArrayList<>(push.documents().size());
        List<Rejection> rejected = new ArrayList<>();
        for (PushedDocument document : push.documents()) {
            Optional<Rejection> rejection = validator.check(document);
            if (rejection.isPresent()) {
                rejected.add(rejection.get());
            } else if (document instanceof PushedDocument.Readable readable
                    && !readable.document().cells().isEmpty()) {
                accepted.add(readable.document());
                if (readable.whole()) {
                    log.info("{} uploads {} of {} whole", principal.name(), readable.id(), space); // P-9
                } else if (validator.relays() && validator.forwards(readable)) {
                    log.info("{} relays {} of {}", principal.name(), readable.id(), space); // P-26
                }
            }
        }
        Function<List<DocumentCells>, PushOutcome> join =
                documents -> join(principal, space, replica, push, documents, rejected, basis, last);
        return view.isEmpty()
                ? join.apply(accepted)
                : judged(view.get(), principal, space, replica, accepted, rejected, join);
    }

    /** Joins what a policy lets pass, with the marks that it calls for. */
    private PushOutcome judged(
            View view,
            Principal principal,
            SpaceId space,
            ReplicaId replica,
            List<DocumentCells> pushed,
            List<Rejection> rejected,
            Function<List<DocumentCells>, PushOutcome> join) {
        DocumentPolicy policy = view.policy();
        DocumentAccess judge = documentAccess.apply(space);
        judge.marking().ensureMarked(policy);
        List<DocumentId> ids = pushed.stream().map(DocumentCells::id).toList();
        return judge.marking().locked(ids, () -> {
            PushOutcome outcome = join.apply(judge.judge(view, principal, replica, pushed, rejected));
            judge.marking().mendLocked(policy, ids);
            return outcome;
        });
    }

    /**
     * Joins documents that were found in order, and records the verdicts on all.
     *
     * @param accepted a list of the caller's, from which those are taken that the store refuses
     * @param rejected what was refused; those that the store refuses are added
     */
    private PushOutcome join(
            Principal principal,
            SpaceId space,
            ReplicaId replica,
            Push push,
            List<DocumentCells> accepted,
            List<Rejection> rejected,
            Cursor basis,
            @Nullable Mark last) {
        Limits limits = store.capabilities().limits();
        FormerMark former = last == null ? FormerMark.NONE : FormerMark.of(last);
        while (true) {
            Verdicts verdicts = Verdicts.of(principal, replica, push, rejected, limits)
                    .orElseThrow(() -> refuse(ProblemCode.TOO_LARGE, tooManyRejected(rejected.size(), limits), last));
            accepted.forEach(document -> clock.observe(document.cells()));
            try {
                Batches.of(accepted, verdicts.mark(), former, limits)
                        .forEach(batch -> store.join(space, batch.basedOn(basis)));
                return verdicts.outcome();
            } catch (StoreException e) {
                if (e.kind() == StoreException.Kind.CURSOR_EXPIRED) { // purged since it was checked
                    throw behind(store.check(space, basis), last);
                }
                if (!accepted.removeIf(document -> e.documents().contains(document.id()))) {
                    throw e;
                }
                // Too large together with what the store has of them: the others are joined without these.
                String detail = String.valueOf(e.getMessage());
                e.documents().forEach(id -> rejected.add(new Rejection(id, RejectionCode.TOO_LARGE, detail)));
            }
        }
    }

    private static String tooManyRejected(int documents, Limits limits) {
        return "the verdicts on " + documents + " rejected documents are above the " + limits.markBytes()
                + " bytes that this store records of a push: send fewer documents at once";
    }

    private static ProblemException behind(CursorState state, @Nullable Mark last) {
        return switch (state) {
            case BEFORE_PURGE -> refuse(ProblemCode.PURGED, "the cursor of the push is from before a purge", last);
            case BEFORE_RENEWAL -> refuse(ProblemCode.RESTORED, SyncEngine.RESTORED, last);
            case CURRENT, EXPIRED -> refuse(ProblemCode.RESYNC, "the cursor of the push is unknown or too old", last);
        };
    }

    private static ProblemException refuse(ProblemCode code, String detail, @Nullable Mark last) {
        return new ProblemException(new Problem(code, detail, outcome(last)));
    }
}
