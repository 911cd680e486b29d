package dev.watersmeet.testing.simulation;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Store;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.sync.SyncEngine;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An engine, or one that breaks a rule: it is asked something else than what was asked. */
final class BrokenEngine {
    private BrokenEngine() {}

    static SyncAnswer sync(PlantedBug bug, SyncEngine engine, Store store, Principal principal, SyncRequest request) {
        Push push = request.push();
        if (push == null) {
            return engine.sync(principal, SharedStore.SPACE, request);
        }
        return switch (bug) {
            case NONCE_IGNORED -> ignoringNonces(engine, store, principal, request, push);
            case FOREIGN_STAMPS ->
                engine.sync(principal, SharedStore.SPACE, with(request, push, push.nonce(), push.after(), true));
            case REFUSED_BUT_JOINED -> joiningWhatIsRefused(engine, store, principal, request, push);
            default -> engine.sync(principal, SharedStore.SPACE, request);
        };
    }

    private static SyncAnswer ignoringNonces(
            SyncEngine engine, Store store, Principal principal, SyncRequest request, Push push) {
        Mark last = store.mark(SharedStore.SPACE, request.replica()).orElse(null);
        String nonce = push.nonce();
        String after = last == null ? null : last.nonce();
        if (last != null && last.number() == push.number()) {
            nonce = last.nonce();
            after = push.after();
        }
        SyncAnswer answer = engine.sync(principal, SharedStore.SPACE, with(request, push, nonce, after, false));
        List<Rejection> rejected = requireNonNull(answer.push()).rejected();
        return new SyncAnswer(answer.time(), new PushOutcome(push.number(), push.nonce(), rejected), answer.changes());
    }

    private static SyncAnswer joiningWhatIsRefused(
            SyncEngine engine, Store store, Principal principal, SyncRequest request, Push push) {
        SyncAnswer answer = engine.sync(principal, SharedStore.SPACE, request);
        Set<Object> rejected = requireNonNull(answer.push()).rejected().stream()
                .map(Rejection::id)
                .collect(Collectors.toSet());
        for (PushedDocument document : push.documents()) {
            if (rejected.contains(document.id())) {
                store.join(SharedStore.SPACE, Batch.of(List.of(((PushedDocument.Readable) document).document())));
            }
        }
        return answer;
    }

    private static SyncRequest with(
            SyncRequest request, Push push, String nonce, @Nullable String after, boolean whole) {
        List<PushedDocument> documents = push.documents().stream()
                .map(document -> whole
                        ? new PushedDocument.Readable(((PushedDocument.Readable) document).document(), true)
                        : document)
                .toList();
        return new SyncRequest(
                request.replica(), request.cursor(), request.pull(), new Push(push.number(), nonce, after, documents));
    }
}
