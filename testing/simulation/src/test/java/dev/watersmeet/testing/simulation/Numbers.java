package dev.watersmeet.testing.simulation;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What was written in a run about access, judged by numbers: each title and each tag is written once, so that what a record shows tells whose work has arrived in it. Knows nothing of cells, marks and pages.
 */
final class Numbers {
    private static final int NEVER = Integer.MAX_VALUE;
    private static final String TAG = "t";

    private final Map<Integer, Edit> edits = new HashMap<>();

    /** Documents that somebody has deleted: what was in them may be gone. */
    private final Set<DocumentId> deleted = new HashSet<>();

    /** A title, or a tag. */
    private static final class Edit {
        final DocumentId document;
        final boolean title;

        /** What it took the place of, and what that had taken the place of, and so on. */
        final Set<Integer> replaced;

        /** The titles of other documents that have to be there where this is: its writer had seen them, or has sent them with it. */
        final Map<DocumentId, Integer> before;

        boolean sent;
        int accepted = NEVER;

        Edit(DocumentId document, boolean title, Set<Integer> replaced, Map<DocumentId, Integer> before) {
            this.document = document;
            this.title = title;
            this.replaced = replaced;
            this.before = before;
        }

        /** Whether a record shows no title, or one that this took the place of. */
        boolean isNotIn(@Nullable Value record) {
            Integer shown = record == null ? null : title(record);
            return shown == null || replaced.contains(shown);
        }
    }

    private Edit edit(int number) {
        return requireNonNull(edits.get(number));
    }

    /** Somebody deletes a document. */
    void deletes(DocumentId document) {
        deleted.add(document);
    }

    /**
     * Somebody writes a title.
     *
     * @param shown the document as the writer saw it
     * @param others what the writer saw of the others
     */
    void writesTitle(int number, DocumentId document, @Nullable Integer shown, Map<DocumentId, Integer> others) {
        Set<Integer> replaced = shown == null ? Set.of() : Set.of(shown);
        edits.put(number, new Edit(document, true, andBefore(replaced), new HashMap<>(others)));
    }

    /** Somebody writes a tag in the place of those that were seen. */
    void writesTag(int number, DocumentId document, Set<Integer> shown, Map<DocumentId, Integer> others) {
        edits.put(number, new Edit(document, false, andBefore(shown), new HashMap<>(others)));
    }

    private Set<Integer> andBefore(Set<Integer> numbers) {
        Set<Integer> all = new HashSet<>(numbers);
        numbers.forEach(number -> all.addAll(edit(number).replaced));
        return all;
    }

    /** A push with some numbers arrives at a server. */
    void sent(Set<Integer> numbers) {
        numbers.forEach(number -> edit(number).sent = true);
    }

    /**
     * A server has accepted numbers that were sent together.
     *
     * @param moment greater than that of all that was accepted before
     */
    void accepted(Set<Integer> numbers, int moment) {
        sent(numbers);
        List<Edit> together = numbers.stream()
                .map(this::edit)
                .filter(edit -> edit.accepted == NEVER)
                .toList();
        together.forEach(edit -> edit.accepted = moment);
        for (int number : numbers) {
            Edit title = edit(number);
            if (title.title) {
                together.stream()
                        .filter(other -> !other.document.equals(title.document))
                        .forEach(other -> other.before.put(title.document, number));
            }
        }
    }

    /** What of accepted work a record lacks, in sentences. */
    List<String> lost(DocumentId document, @Nullable Value record) {
        List<String> lost = new ArrayList<>();
        if (deleted.contains(document)) {
            return lost;
        }
        Set<Integer> tags = record == null ? Set.of() : tags(record);
        edits.forEach((number, edit) -> {
            if (edit.accepted == NEVER || !edit.document.equals(document)) {
                return;
            }
            boolean missing = edit.title
                    ? edit.isNotIn(record)
                    : !tags.contains(number)
                            && edits.values().stream().noneMatch(other -> mayHaveRemoved(other, number));
            if (missing) {
                lost.add("of " + document + " the " + (edit.title ? "title " : "tag ") + number
                        + " was accepted, and is lost: " + record);
            }
        });
        return lost;
    }

    private static boolean mayHaveRemoved(Edit edit, int tag) {
        return !edit.title && edit.sent && edit.replaced.contains(tag);
    }

    /**
     * What somebody shows without what comes before it, in sentences.
     *
     * @param records what is shown of the documents
     * @param reads whether somebody surely reads a document
     */
    List<String> torn(Map<DocumentId, Value> records, Predicate<DocumentId> reads) {
        List<String> torn = new ArrayList<>();
        for (Value record : records.values()) {
            for (int number : of(record)) {
                Edit edit = edit(number);
                edit.before.forEach((document, title) -> {
                    Edit former = edit(title);
                    Value other = records.get(document);
                    if (former.isNotIn(other)
                            && former.accepted <= edit.accepted
                            && edit.accepted != NEVER
                            && !deleted.contains(document)
                            && reads.test(document)) {
                        torn.add(number + " of " + edit.document + " without " + title + " of " + document
                                + ", which comes before it or with it; shown is " + other);
                    }
                });
            }
        }
        return torn;
    }

    /** The titles of some documents. */
    static Map<DocumentId, Integer> titles(Map<DocumentId, Value> records) {
        Map<DocumentId, Integer> titles = new HashMap<>();
        records.forEach((document, record) -> {
            Integer title = title(record);
            if (title != null) {
                titles.put(document, title);
            }
        });
        return titles;
    }

    /** All numbers in a record. */
    static Set<Integer> of(Value record) {
        Set<Integer> numbers = new TreeSet<>(tags(record));
        Integer title = title(record);
        if (title != null) {
            numbers.add(title);
        }
        return numbers;
    }

    static @Nullable Integer title(Value record) {
        Value title = record.fields().get(Model.TITLE);
        return title == null ? null : ((Double) requireNonNull(title.toJava())).intValue();
    }

    static Set<Integer> tags(Value record) {
        Value tags = record.fields().get(Model.TAGS);
        Set<Integer> numbers = new HashSet<>();
        if (tags != null) {
            tags.elements().forEach(tag -> numbers.add(number((String) requireNonNull(tag.toJava()))));
        }
        return numbers;
    }

    /** A tag with a number. */
    static String tag(int number) {
        return TAG + number;
    }

    private static int number(String tag) {
        return Integer.parseInt(tag.substring(TAG.length()));
    }
}
