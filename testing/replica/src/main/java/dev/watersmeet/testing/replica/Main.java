package dev.watersmeet.testing.replica;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.client.ReplicaClient;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Value;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Drives a Java replica by lines of JSON on standard input; each is answered by one line of JSON on standard output. Logs go to standard error.
 *
 * <p>Arguments: the server's URL, the space, the token, and the schemas of collections, for instance {@code {"items":{"tags":"set","quantity":"counter"}}}. The commands are those of {@link Commands}.
 */
public final class Main {
    private Main() {}

    /** Runs until the command {@code quit} or the end of the input. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            System.err.println("usage: java -jar watersmeet-testing-replica.jar URL SPACE TOKEN SCHEMA_JSON");
            System.exit(2);
        }
        ReplicaClient.Builder builder = ReplicaClient.of(URI.create(arguments[0]), arguments[1], () -> arguments[2]);
        schemas(arguments[3]).forEach(builder::collection);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        try (ReplicaClient client = builder.open();
                PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8)) {
            Commands commands = new Commands(client);
            String line = in.readLine();
            while (line != null) {
                out.println(commands.answer(line));
                line = commands.ended() ? null : in.readLine();
            }
        }
    }

    private static Map<String, CollectionSchema> schemas(String json) {
        Map<String, CollectionSchema> schemas = new HashMap<>();
        Value.parse(json).members().forEach((collection, fields) -> {
            Map<String, FieldType> types = new HashMap<>();
            fields.members().forEach((field, type) -> types.put(field, type(type)));
            schemas.put(collection, CollectionSchema.of(types));
        });
        return schemas;
    }

    private static FieldType type(Value name) {
        return FieldType.valueOf(String.valueOf(name.tree()).toUpperCase(Locale.ROOT));
    }
}
