package dev.watersmeet.benchmarks.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A document of the workload: six fields, about 300 bytes as JSON.
 *
 * @param id its name
 * @param fields texts, a number and a boolean; texts are letters at random, so that compression flatters no figure
 */
record Sample(String id, Map<String, Object> fields) {
    private static final int TEXT_LETTERS = 150;
    private static final int TITLE_LETTERS = 40;

    /** Documents with names of their own. */
    static List<Sample> of(String prefix, int count, long seed) {
        Random random = new Random(seed);
        List<Sample> samples = new ArrayList<>(count);
        for (int number = 0; number < count; number++) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("title", letters(TITLE_LETTERS, random));
            fields.put("text", letters(TEXT_LETTERS, random));
            fields.put("author", letters(12, random));
            fields.put("changed", "2026-01-01T12:00:00.000Z");
            fields.put("done", random.nextBoolean());
            fields.put("priority", random.nextInt(10));
            samples.add(new Sample(prefix + number, fields));
        }
        return samples;
    }

    private static String letters(int count, Random random) {
        StringBuilder text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    /** The document with another title. */
    Sample retitled(String title) {
        Map<String, Object> changed = new LinkedHashMap<>(fields);
        changed.put("title", title);
        return new Sample(id, changed);
    }

    /** The fields as members of a JSON object, without its braces. */
    String members() {
        StringBuilder json = new StringBuilder();
        fields.forEach((name, value) -> json.append(json.isEmpty() ? "" : ",")
                .append('"')
                .append(name)
                .append("\":")
                .append(value instanceof String ? "\"" + value + "\"" : value));
        return json.toString();
    }
}
