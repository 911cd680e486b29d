package dev.watersmeet.format;

import java.util.Locale;

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
    FORBIDDEN;

    /** The code as it travels. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Parses a code as it travels.
     *
     * @throws dev.watersmeet.crdt.MalformedException if there is no such code
     */
    public static RejectionCode parse(String text) {
        for (RejectionCode code : values()) {
            if (code.text().equals(text)) {
                return code;
            }
        }
        throw dev.watersmeet.crdt.MalformedException.of("a rejection has a code of P-14", text);
    }
}
