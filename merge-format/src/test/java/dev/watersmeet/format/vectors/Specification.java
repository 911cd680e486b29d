package dev.watersmeet.format.vectors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbered rules of {@code spec/merge-format.md}. */
final class Specification {
    private static final Pattern RULE = Pattern.compile(
            "^\\*\\*([MP]-[0-9]+)\\*\\*(.*?)(?=^\\*\\*[MP]-[0-9]+\\*\\*|^##|\\z)", Pattern.MULTILINE | Pattern.DOTALL);

    private Specification() {}

    /** The text of each rule. */
    static Map<String, String> rules() {
        Map<String, String> rules = new TreeMap<>();
        try {
            Matcher rule = RULE.matcher(Files.readString(Vectors.SPEC.resolve("merge-format.md")));
            while (rule.find()) {
                rules.put(rule.group(1), rule.group(2));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rules;
    }
}
