package dev.watersmeet.benchmarks.server;

/** What is looked for in answers. They are not parsed, so that less of a figure is the client's. */
final class Texts {
    private Texts() {}

    /** How often a part occurs. */
    static long count(String text, String part) {
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    /** What stands between the last occurrence of a beginning, and the end that follows it. */
    static String lastBetween(String text, String begin, String end) {
        int at = text.lastIndexOf(begin);
        int to = at < 0 ? -1 : text.indexOf(end, at + begin.length());
        if (to < 0) {
            throw new IllegalStateException("an answer lacks " + begin);
        }
        return text.substring(at + begin.length(), to);
    }
}
