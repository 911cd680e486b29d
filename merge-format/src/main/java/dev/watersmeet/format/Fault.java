package dev.watersmeet.format;

/**
 * Why a document cannot be read, while others can (P-7).
 *
 * @param code malformed or too large
 * @param detail what is wrong, naming the place
 */
record Fault(RejectionCode code, String detail) {
    static Fault malformed(String place, RuntimeException cause) {
        return new Fault(RejectionCode.MALFORMED, "at " + place + ": " + cause.getMessage());
    }

    static Fault tooManyCells(String place, int maxCells) {
        return new Fault(RejectionCode.TOO_LARGE, "at " + place + ": a document has at most " + maxCells + " cells");
    }
}
