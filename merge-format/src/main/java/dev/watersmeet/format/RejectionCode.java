package dev.watersmeet.format;

import dev.watersmeet.crdt.MalformedException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a document of a push was refused (P-7, P-14). The text is stable. */
public enum RejectionCode {
    /** It is not what the merge format describes. */
    MALFORMED,
    /** A live cell carries another replica's stamp. */
    FOREIGN_STAMP,
    /** A live cell stands at another replica's path. */
    FOREIGN_PATH,
    /** A stamp is further ahead of the server's clock than the drift bound. */
    STAMP_FROM_FUTURE,
    /** It is above a limit. */
    TOO_LARGE,
    /** The space has no such collection. */
    UNKNOWN_COLLECTION,
    /** The principal may not write it. */
    FORBIDDEN,
    /** A live cell is of a kind that its field's declared type does not have, or of a local field. */
    SCHEMA_MISMATCH,
    /** A reason that is not known here, of a server that is newer (P-27). Its text stands in the detail. Never sent. */
    OTHER;

    /** The code as it travels. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Parses a code as it travels.
     *
     * @throws MalformedException if there is no such code
     */
    public static RejectionCode parse(String text) {
        return find(text).orElseThrow(() -> MalformedException.of("a rejection has a code of P-14", text));
    }

    /** The code of a text; empty if it is none that is known here. */
    static Optional<RejectionCode> find(String text) {
        return Arrays.stream(values())
                .filter(code -> code != OTHER && code.text().equals(text))
                .findFirst();
    }
}
