package dev.watersmeet.testing.differential;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The TypeScript model: one process of Node for the whole run, which keeps nothing between questions. A question and its answer are one line of JSON each, in ASCII, so that
 * lone surrogates pass as they are. What goes wrong there, but a refusal, is an {@link AssertionError} here. Thread-safe.
 */
final class NodePeer {
    private static final Path BUNDLE = Path.of("dist", "peer.mjs");
    private static final Path CLIENT = Path.of("..", "..", "client-js", "src");
    private static final Path PROGRAM = Path.of("src", "peer");
    private static final String BUILD = "npm run build -w @watersmeet/testing-differential";
    private static final long ANSWER_SECONDS = 120;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private static final NodePeer ONE = start();

    private final Process process;
    private final Writer questions;
    private final BufferedReader answers;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "answers of the TypeScript model");
        thread.setDaemon(true);
        return thread;
    });

    private NodePeer(Process process) {
        this.process = process;
        this.questions = process.outputWriter(StandardCharsets.US_ASCII);
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    /** What the TypeScript model answers. */
    static JsonNode ask(String ask, Object question) {
        return ONE.answer(ask, question);
    }

    private static NodePeer start() {
        checkBundle();
        try {
            Process process = new ProcessBuilder("node", "--enable-source-maps", BUNDLE.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end of the TypeScript model"));
            return new NodePeer(process);
        } catch (IOException e) {
            throw new IllegalStateException("Node 20 or later has to be on the path as `node`", e);
        }
    }

    /** A test against another model than the one that stands in the sources would say nothing. */
    private static void checkBundle() {
        if (!Files.exists(BUNDLE)) {
            throw new IllegalStateException("there is no " + BUNDLE.toAbsolutePath() + ": run `" + BUILD + "`");
        }
        try {
            FileTime built = Files.getLastModifiedTime(BUNDLE);
            checkNotOlder(built, CLIENT.resolve("model"));
            checkNotOlder(built, CLIENT.resolve("batch"));
            checkNotOlder(built, PROGRAM);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkNotOlder(FileTime built, Path folder) throws IOException {
        try (Stream<Path> sources = Files.list(folder)) {
            for (Path source : sources.toList()) {
                if (Files.getLastModifiedTime(source).compareTo(built) > 0) {
                    throw new IllegalStateException(BUNDLE + " is older than " + source + ": run `" + BUILD + "`");
                }
            }
        }
    }

    private synchronized JsonNode answer(String ask, Object question) {
        try {
            questions.write(JSON.writeValueAsString(Map.of("ask", ask, "question", question)));
            questions.write('\n');
            questions.flush();
            String line = reader.submit(answers::readLine).get(ANSWER_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new IllegalStateException("the TypeScript model has ended with " + process.waitFor());
            }
            JsonNode answer = JSON.readTree(line);
            if (answer.has("failure")) {
                throw new AssertionError(
                        "the TypeScript model fails: " + answer.get("failure").textValue());
            }
            return answer.get("answer");
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException("no answer to " + ask + " within " + ANSWER_SECONDS + " s", e);
        } catch (IOException | InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the TypeScript model does not answer", e);
        }
    }
}
