package dev.watersmeet.sync;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Value;
import java.util.Optional;
import java.util.Set;

/**
 * Who may read and change which documents of a space. Implemented by the application; thread-safe, and fast, for it is asked with each request and each document that changes. It is asked while documents are
 * locked: it must not read or edit documents through the engine, which may wait for itself then.
 *
 * <p>A document has <em>audiences</em>, told by its record; a principal belongs to audiences; who belongs to one of a document's may read it. An audience is a name of the application's own choice, such as {@code team:red} or
 * {@code user:ada}. Whoever may read a document may also change it, unless {@link #refuse} says otherwise, and whoever may not, may not; everybody may create one.
 *
 * <pre>{@code
 * class Teams implements DocumentPolicy {
 *     public String version() {
 *         return "1";
 *     }
 *
 *     public Set<String> readers(DocumentId document, Value record) {
 *         Value team = record.fields().get("team");
 *         return team == null ? Set.of() : Set.of("team:" + team.toJava());
 *     }
 *
 *     public Set<String> audiences(Principal principal) {
 *         return memberships.of(principal.name());
 *     }
 * }
 * }</pre>
 */
public interface DocumentPolicy {
    /** The greatest number of audiences that a document may have. */
    int MAX_READERS = 256;

    /** What names the rules of {@link #readers}: where it is another one than before, all documents are judged anew. At most {@value View#MAX_VERSION_LENGTH} characters, no control characters. */
    String version();

    /**
     * The audiences that may read a document. The same for the same id and record, as long as the version is the same: what it depends on besides belongs into {@link #audiences}.
     *
     * @param record the document's record, also of a deleted document, as it was last
     * @return at most {@value #MAX_READERS} audiences, each of at most {@value dev.watersmeet.crdt.Path#MAX_SEGMENT_BYTES} bytes as JSON
     */
    Set<String> readers(DocumentId document, Value record);

    /** The audiences that a principal belongs to now. When they change, the principal's clients read everything anew that they may read then, and drop the rest. */
    Set<String> audiences(Principal principal);

    /**
     * Why a principal may not make a change, in a sentence that it is told; empty if it may. Not asked of who may not read the document, of who sends what is there already, and of the server's own code.
     */
    default Optional<String> refuse(Principal principal, DocumentChange change) {
        return Optional.empty();
    }
}
