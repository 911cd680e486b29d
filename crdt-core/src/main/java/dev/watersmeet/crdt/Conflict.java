package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Two edits of which one is lost, because neither writer had seen the other's: a pending cell of this replica and one that arrived (M-38, M-39).
 *
 * <p>Only what is certain is reported. What merges without a loss, as sets, counters and multi-value registers do, is no conflict.
 *
 * @param path the register, the leaf of a map or the root value that both wrote; or {@link Path#DELETION_BY_ANY}, where one deleted the document and the other edited it
 * @param mine what this replica wrote, at {@code path}; of an edit against a deletion its existence
 * @param theirs what arrived
 */
public record Conflict(Path path, Cell mine, Cell theirs) {
    private static final Comparator<Conflict> ORDER =
            Comparator.comparing(Conflict::path).thenComparing(Conflict::theirs);

    public Conflict {
        requireNonNull(path);
        requireNonNull(mine);
        requireNonNull(theirs);
    }

    /**
     * The conflicts of cells that arrive at a document, in the order of their paths.
     *
     * @param delivered what was known of the server's state before they arrived
     * @param pending this replica's edits that are not settled, those in flight included
     * @param arrived the cells that arrive
     */
    public static List<Conflict> between(DocumentState delivered, DocumentState pending, DocumentState arrived) {
        List<Conflict> conflicts = new ArrayList<>();
        pending.forEach((path, mine) -> {
            if (isOverwritten(path.kind())) {
                Cell theirs = unseen(path, mine, delivered, arrived);
                if (theirs != null && !sameOutcome(mine, theirs)) {
                    conflicts.add(new Conflict(path, mine, theirs));
                }
            } else if (path.kind() == Kind.EXISTENCE) {
                Cell theirs = unseen(Path.DELETION_BY_ANY, mine, delivered, arrived);
                if (theirs != null && isDecidedBy(path, mine, delivered, pending, arrived)) {
                    conflicts.add(new Conflict(Path.DELETION_BY_ANY, mine, theirs));
                }
            } else if (path.equals(Path.DELETION_BY_ANY)) {
                addEditsAgainst(mine, delivered, pending, arrived, conflicts);
            }
        });
        conflicts.sort(ORDER);
        return conflicts;
    }

    /** Whether a pending edit alone decides if a document that somebody else deletes is alive. One that was deleted already decides nothing. */
    private static boolean isDecidedBy(
            Path path, Cell edit, DocumentState delivered, DocumentState pending, DocumentState arrived) {
        return !pending.covered(path, edit)
                && !delivered.covered(path, edit)
                && !joined(delivered, arrived).alive();
    }

    /** Adds the edits that arrive at a document which this replica has deleted, whether they bring it back or are lost with it. */
    private static void addEditsAgainst(
            Cell deletion,
            DocumentState delivered,
            DocumentState pending,
            DocumentState arrived,
            List<Conflict> conflicts) {
        if (pending.alive()) {
            return; // edited again since
        }
        boolean alive = joined(joined(delivered, arrived), pending).alive();
        arrived.forEach((path, edit) -> {
            boolean isNews = path.kind() == Kind.EXISTENCE && unseen(path, deletion, delivered, arrived) != null;
            if (isNews && (!alive || edit.wins(deletion))) {
                conflicts.add(new Conflict(Path.DELETION_BY_ANY, deletion, edit));
            }
        });
    }

    private static DocumentState joined(DocumentState one, DocumentState other) {
        DocumentState joined = one.copy();
        joined.join(other);
        return joined;
    }

    /** The cell that arrives at a path from another replica, if the writer of a pending cell cannot have seen it. */
    private static @Nullable Cell unseen(Path path, Cell mine, DocumentState delivered, DocumentState arrived) {
        Cell theirs = arrived.get(path);
        if (theirs == null || !theirs.wins(delivered.get(path))) {
            return null;
        }
        return theirs.stamp().replica().equals(mine.stamp().replica()) ? null : theirs;
    }

    /** Whether all replicas write to one path, so that one write takes the place of another. */
    private static boolean isOverwritten(Kind kind) {
        return kind == Kind.REGISTER || kind == Kind.MAP || kind == Kind.ROOT;
    }

    private static boolean sameOutcome(Cell one, Cell other) {
        return one.removed() == other.removed() && Objects.equals(one.value(), other.value());
    }

    /** Whether what this replica wrote stands, and the other's is lost. */
    public boolean isWon() {
        return mine.wins(theirs);
    }

    /** What stands. */
    public Cell winner() {
        return isWon() ? mine : theirs;
    }

    /** What is lost. */
    public Cell loser() {
        return isWon() ? theirs : mine;
    }

    /** Whether one deleted the document and the other edited it. */
    public boolean isDeletion() {
        return path.equals(Path.DELETION_BY_ANY);
    }

    /** Where the values stand in the record: the field, for a leaf of a map the sub-fields too; nothing for a root value and for the document. */
    public List<String> way() {
        return switch (path.kind()) {
            case REGISTER -> List.of(path.field());
            case MAP -> {
                List<String> way = new ArrayList<>(List.of(path.field()));
                way.addAll(path.subFields());
                yield List.copyOf(way);
            }
            default -> List.of();
        };
    }

    /** The conflict in a sentence, as it is shown in logs. */
    @Override
    public String toString() {
        String place =
                isDeletion() ? "the document" : path.kind() == Kind.ROOT ? "the record" : String.join(".", way());
        return place + ": " + describe(loser()) + " is lost to " + describe(winner());
    }

    private String describe(Cell cell) {
        String what = isDeletion() ? (cell.removed() ? "a deletion" : "an edit") : value(cell);
        Stamp stamp = cell.stamp();
        return what
                + (cell.equals(mine) ? ", own, at " : ", by " + stamp.replica() + " at ")
                + Instant.ofEpochMilli(stamp.millis());
    }

    private static String value(Cell cell) {
        return cell.value() == null ? "a removal" : cell.value().text();
    }
}
