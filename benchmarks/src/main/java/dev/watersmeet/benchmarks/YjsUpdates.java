package dev.watersmeet.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The document workload as Yjs encodes it, in Node: {@code benchmarks/yjs.mjs}, which is handed the very updates that the other contenders write. */
final class YjsUpdates {
    private static final String SCRIPT = "benchmarks/yjs.mjs";

    private YjsUpdates() {}

    /** The delta of all updates, in Yjs's update format 1 or 2. */
    static byte[] encode(int format) {
        List<String> lines = run(lines()).lines().toList();
        if (lines.size() != 2) {
            throw new IllegalStateException(SCRIPT + " gave " + lines.size() + " lines, not two");
        }
        return Base64.getDecoder().decode(lines.get(format - 1));
    }

    private static String lines() {
        StringBuilder lines = new StringBuilder();
        for (int key = 0; key < Updates.KEYS; key++) {
            line(lines, key, Keys.VALUE);
        }
        lines.append('\n');
        Updates.each((key, value) -> line(lines, key, value), () -> {});
        return lines.toString();
    }

    private static void line(StringBuilder lines, int key, String value) {
        lines.append("[\"%s\",\"%s\",\"%s\"]\n".formatted(Keys.document(key), Keys.field(key), value));
    }

    private static String run(String input) {
        try {
            Process node = new ProcessBuilder("node", SCRIPT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (OutputStream in = node.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8)); // the script reads all of it before it writes
            }
            String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = node.waitFor();
            if (status != 0) {
                throw new IllegalStateException(SCRIPT + " ended with status " + status);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(SCRIPT + " could not be run from here, with Node and the npm packages", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + SCRIPT + " ran", e);
        }
    }
}
