package dev.watersmeet.testing.replica;

import dev.watersmeet.client.Documents;
import dev.watersmeet.client.RejectedEdit;
import dev.watersmeet.client.ReplicaClient;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.ProblemException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The commands, each an object with a member {@code op}, and their answers:
 *
 * <ul>
 *   <li>{@code put} with {@code collection}, {@code id}, {@code record}: {@code {"ok":true}}
 *   <li>{@code edit} with {@code collection}, {@code id}, {@code fields}, of which {@code null} removes: {@code {"ok":true}}
 *   <li>{@code delete} with {@code collection}, {@code id}: {@code {"ok":true}}
 *   <li>{@code get} with {@code collection}, {@code id}: {@code {"record":…}}, {@code null} if there is none
 *   <li>{@code all} with {@code collection}: {@code {"records":{id:record}}}; an id that is no string stands as its JSON text
 *   <li>{@code sync}: {@code {"ok":true}}, or {@code {"problem":{"code":…,"detail":…}}}, with the code {@code unreachable} if there is no answer
 *   <li>{@code pending}: {@code {"pending":n}}, the number of documents
 *   <li>{@code rejected}: {@code {"rejected":[{"collection":…,"id":…,"code":…,"detail":…,"record":…}]}}
 *   <li>{@code quit}: {@code {"ok":true}}
 * </ul>
 *
 * <p>A command that fails is answered {@code {"error":…}}, and the next one goes on.
 */
final class Commands {
    private static final String OK = "{\"ok\":true}";

    private final ReplicaClient client;
    private boolean ended;

    Commands(ReplicaClient client) {
        this.client = client;
    }

    /** Whether {@code quit} was answered. */
    boolean ended() {
        return ended;
    }

    /** Does what a line says. Returns the line to answer. */
    String answer(String line) {
        try {
            Value command = Value.parse(line);
            if (!command.isObject()) {
                throw new IllegalArgumentException("a command is an object: " + line);
            }
            return answer(command.members());
        } catch (RuntimeException e) { // whatever is wrong with one command, the tests want to read it
            return "{\"error\":" + Value.of(String.valueOf(e.getMessage())) + "}";
        }
    }

    private String answer(Map<String, Value> command) {
        String op = text(command, "op");
        switch (op) {
            case "put" -> documents(command).put(member(command, "id"), record(command, "record"));
            case "edit" -> {
                Map<String, Value> fields = record(command, "fields");
                documents(command)
                        .edit(
                                member(command, "id"),
                                record -> fields.forEach((field, value) -> {
                                    if (value.equals(Value.NULL)) {
                                        record.remove(field);
                                    } else {
                                        record.put(field, value);
                                    }
                                }));
            }
            case "delete" -> documents(command).delete(member(command, "id"));
            case "get" -> {
                Value record = documents(command).get(member(command, "id")).orElse(Value.NULL);
                return "{\"record\":" + record + "}";
            }
            case "all" -> {
                return records(documents(command));
            }
            case "sync" -> {
                return sync();
            }
            case "pending" -> {
                return "{\"pending\":" + client.pending() + "}";
            }
            case "rejected" -> {
                return rejected();
            }
            case "quit" -> ended = true;
            default -> throw new IllegalArgumentException("there is no command " + op);
        }
        return OK;
    }

    private Documents documents(Map<String, Value> command) {
        return client.collection(text(command, "collection"));
    }

    private String sync() {
        try {
            client.sync();
            return OK;
        } catch (ProblemException e) {
            return problem(e.problem().code().text(), e.problem().detail());
        } catch (UncheckedIOException e) {
            return problem("unreachable", String.valueOf(e.getMessage()));
        }
    }

    private static String problem(String code, String detail) {
        return Value.of(Map.of("problem", Map.of("code", code, "detail", detail)))
                .text();
    }

    /** Put together from texts, since all records are more than one value may be. */
    private static String records(Documents documents) {
        StringJoiner records = new StringJoiner(",", "{\"records\":{", "}}");
        documents.records().forEach((id, record) -> {
            Value key = id.tree() instanceof String ? id : Value.of(id.text());
            records.add(key + ":" + record);
        });
        return records.toString();
    }

    private String rejected() {
        StringJoiner rejected = new StringJoiner(",", "{\"rejected\":[", "]}");
        for (RejectedEdit edit : client.rejected()) {
            rejected.add("{\"collection\":" + Value.of(edit.document().collection()) + ",\"id\":"
                    + edit.document().id() + ",\"code\":" + Value.of(edit.code().text()) + ",\"detail\":"
                    + Value.of(edit.detail()) + ",\"record\":" + edit.record().orElse(Value.NULL) + "}");
        }
        return rejected.toString();
    }

    private static Value member(Map<String, Value> command, String name) {
        @Nullable Value member = command.get(name);
        if (member == null) {
            throw new IllegalArgumentException("the command has no member " + name);
        }
        return member;
    }

    private static String text(Map<String, Value> command, String name) {
        if (member(command, name).tree() instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("the member " + name + " is a string");
    }

    private static Map<String, Value> record(Map<String, Value> command, String name) {
        Value member = member(command, name);
        if (!member.isRecord()) {
            throw new IllegalArgumentException("the member " + name + " is an object");
        }
        return member.members();
    }
}
