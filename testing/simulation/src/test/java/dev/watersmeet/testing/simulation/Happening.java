package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Stamp;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An edit or a deletion that somebody made, what it meant, and what became of it. */
final class Happening {
    /** Where it stands among all that were accepted, if it was not. */
    static final int NEVER = Integer.MAX_VALUE;

    final int number;
    final String writer;
    final DocumentId document;

    /** What the writer had seen of the document. */
    final BitSet seen;

    /** What of that the server had lost by then: the writer may have read again since, and not have it. */
    final BitSet unsure = new BitSet();

    final List<Effect> effects;

    /** The stamps that the cells at some places were seen to carry: nothing but the order of what is concurrent is taken from them. */
    final Map<String, Stamp> stamps = new HashMap<>();

    /** The stamp of the existence, or under last-writer-wins of the deletion. */
    @Nullable
    Stamp stamp;

    /** Which of the server's writes brought it. */
    int accepted = NEVER;

    /** The nonce of the push that first brought it; empty if none did. */
    String acceptedBy = "";

    /** How often it was not settled when its device was copied or put back: so many more have it as their own. */
    int copied;

    /** A device that found its twin could not know whether the twin had pushed it: it may have been made twice. */
    boolean shared;

    /** It was on its way when its device found a twin that had written since: it may be lost under what the twin wrote at the same places. */
    boolean doubtful;

    /** The writer was told that it was accepted. */
    boolean acknowledged;

    /** How many devices besides the writer's hold it as their own. */
    int copies;

    /** It was refused or given up, and is nobody's any more. */
    boolean withdrawn;

    /** It was accepted, and then the server was put back to before. */
    boolean lost;

    /** Which write had brought it when it was last lost, and how many there had been by then: who has read nothing since, has it. */
    int acceptedBefore = NEVER;

    int lostAt = -1;

    /**
     * It was lost after something had been purged that the copy does not know to be gone, or took away what was purged after the server was put back: what it took away may stand again, as it may where a purge's horizon is younger than a backup, or a
     * purge comes before all have given back what was lost.
     */
    boolean faded;

    /** It was done by who had seen something that is lost since: what that had taken away already, this did not. */
    boolean leans;

    /** Something was purged since it was accepted: that it emptied a place may be forgotten. */
    boolean purged;

    /** Its document was dead, and was purged: what it did to fields may be gone. */
    boolean forgotten;

    Happening(int number, String writer, DocumentId document, BitSet seen, List<Effect> effects) {
        this.number = number;
        this.writer = writer;
        this.document = document;
        this.seen = (BitSet) seen.clone();
        this.effects = List.copyOf(effects);
    }

    /** A device that holds it as its own gives it up. */
    void abandon() {
        if (copies > 0) {
            copies--;
        } else {
            withdrawn |= accepted == NEVER;
        }
    }

    boolean isDeletion() {
        return effects.stream().anyMatch(effect -> effect.type() == Effect.Type.DELETE);
    }

    boolean takesAway() {
        return effects.stream()
                .anyMatch(effect -> effect.type() == Effect.Type.REMOVE
                        || effect.type() == Effect.Type.DELETE
                        || (effect.type() == Effect.Type.ASSIGN && effect.value() == null));
    }

    boolean hasSeen(Happening other) {
        return seen.get(other.number);
    }

    /** Whether the writer surely had something when it did this. */
    boolean surelyHad(Happening other) {
        return !unsure.get(other.number) && !other.lost && !other.forgotten && !other.shared;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("#" + number + " " + writer + " " + document.id());
        for (Effect effect : effects) {
            text.append(' ').append(effect.type()).append(effect.weak() ? "?" : "");
            if (!effect.place().isEmpty()) {
                text.append(' ').append(effect.place());
            }
            text.append(effect.value() == null ? "" : "=" + effect.value());
        }
        text.append(" seen ").append(seen).append(unsure.isEmpty() ? "" : " but for " + unsure);
        text.append(accepted == NEVER ? "" : " accepted " + accepted).append(lost ? " lost" : "");
        return text.append(forgotten ? " forgotten" : "")
                .append(withdrawn ? " withdrawn" : "")
                .append(shared ? " shared" : "")
                .append(doubtful ? " doubtful" : "")
                .append(faded ? " faded" : "")
                .append(stamp == null ? "" : " " + stamp)
                .toString();
    }
}
