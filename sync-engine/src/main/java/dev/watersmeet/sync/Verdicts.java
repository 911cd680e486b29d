package dev.watersmeet.sync;

import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Mark;
import java.util.List;
import java.util.Optional;

/**
 * What is answered to a push, and the mark that records it, within what the store takes of one (P-7).
 *
 * @param outcome what is answered
 * @param mark its record
 */
record Verdicts(PushOutcome outcome, Mark mark) {
    /** The longest detail of a verdict, in characters (P-7). */
    static final int MAX_DETAIL_LENGTH = 256;

    private static final String ELLIPSIS = "…";

    /** The verdicts on a push, without details where there is no room for them; empty where there is none for the rejected documents' names alone, of which none may be left out. */
    static Optional<Verdicts> of(
            Principal principal, ReplicaId replica, Push push, List<Rejection> rejected, Limits limits) {
        Verdicts full = of(principal, replica, push, withDetails(rejected, MAX_DETAIL_LENGTH));
        if (full.mark.bytes() <= limits.markBytes()) {
            return Optional.of(full);
        }
        Verdicts brief = of(principal, replica, push, withDetails(rejected, 0));
        return brief.mark.bytes() <= limits.markBytes() ? Optional.of(brief) : Optional.empty();
    }

    private static Verdicts of(Principal principal, ReplicaId replica, Push push, List<Rejection> rejected) {
        PushOutcome outcome = new PushOutcome(push.number(), push.nonce(), rejected);
        String text = MergeFormat.writeOutcome(outcome);
        return new Verdicts(outcome, new Mark(replica, principal.name(), push.number(), push.nonce(), text));
    }

    private static List<Rejection> withDetails(List<Rejection> rejected, int length) {
        return rejected.stream()
                .map(rejection -> new Rejection(rejection.id(), rejection.code(), cut(rejection.detail(), length)))
                .toList();
    }

    private static String cut(String detail, int length) {
        if (detail.length() <= length) {
            return detail;
        }
        if (length < ELLIPSIS.length()) {
            return "";
        }
        int end = length - ELLIPSIS.length();
        return detail.substring(0, Character.isHighSurrogate(detail.charAt(end - 1)) ? end - 1 : end) + ELLIPSIS;
    }
}
