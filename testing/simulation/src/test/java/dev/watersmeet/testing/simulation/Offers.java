package dev.watersmeet.testing.simulation;

import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a device has sent under an id, as the device itself knows it: what of that is settled, and what may have arrived. */
final class Offers {
    private final Set<String> nonces = new HashSet<>();
    private final Set<Happening> settled = new HashSet<>();

    /** The pushes since the last one that is settled, with their numbers and what they carry. */
    private final Map<String, Offer> open = new LinkedHashMap<>();

    /** The number of the last push of a twin's. */
    private long twinNumber;

    private record Offer(long number, Set<Happening> carried) {}

    void sent(Push push, Set<Happening> carried) {
        nonces.add(push.nonce());
        open.putIfAbsent(push.nonce(), new Offer(push.number(), carried));
    }

    /**
     * The device hears of the last push that was accepted under its id.
     *
     * @return whether it is its own
     */
    boolean settle(PushOutcome last) {
        if (!knows(last)) {
            twinNumber = last.number();
            return false;
        }
        Offer offer = open.get(last.nonce());
        if (offer != null) {
            settled.addAll(offer.carried);
            open.clear();
        }
        return true;
    }

    /** Whether a push is the device's own. */
    boolean knows(PushOutcome last) {
        return nonces.contains(last.nonce());
    }

    /** Whether the device knows what became of what it did. */
    boolean isSettled(Happening happening) {
        return settled.contains(happening);
    }

    /**
     * The device goes on under another id. What it never sent, and what was not accepted, must appear once; but what was pending when it was copied is its twin's, too, and may appear twice if that pushes it; and what was sent in a push whose number
     * the twin has followed may be lost where the twin has written over all of it.
     *
     * @param underOneId what was accepted under the id that both had
     * @param inStep whether clocks run ahead: then both copies count on from one time, and may give the same stamps, of which one is lost where they stand at the same path
     */
    void judge(Collection<Happening> own, Collection<Happening> underOneId, boolean inStep) {
        List<Happening> twins = underOneId.stream()
                .filter(happening -> !nonces.contains(happening.acceptedBy))
                .toList();
        for (Happening happening : own) {
            if (settled.contains(happening)) {
                continue;
            }
            if (happening.isDeletion() && own.stream().anyMatch(edit -> isSharedPath(happening, edit))) {
                twins.forEach(edit -> happening.unsure.set(edit.number));
            }
            happening.doubtful |= inStep && twins.stream().anyMatch(edit -> edit.document.equals(happening.document));
            boolean isTwins = happening.accepted == Happening.NEVER
                    ? happening.copied > 0
                    : !nonces.contains(happening.acceptedBy)
                            || happening.purged; // a purge drops what shows that it has arrived
            happening.shared |= isTwins;
            if (happening.accepted == Happening.NEVER) {
                happening.stamp = null; // it is sent with others
                happening.stamps.clear();
            }
            happening.doubtful |= happening.accepted == Happening.NEVER
                    && open.values().stream()
                            .anyMatch(offer -> offer.number != twinNumber && offer.carried.contains(happening));
        }
    }
    /** Whether a deletion names an own edit, which has taken the place of the twin's: it is not known then which of the twin's it had seen. */
    private boolean isSharedPath(Happening deletion, Happening edit) {
        return !edit.isDeletion() && !settled.contains(edit) && deletion.hasSeen(edit);
    }
}
