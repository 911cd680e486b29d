package dev.watersmeet.store.geode;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.processlogs.ProcessLogOptions;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A process with a store. It takes as arguments the locator's port, a file of properties, the prefix of the regions and how often it looks, in milliseconds, and commands as lines: {@code watch SPACE} has it say
 * {@code changed} for each change that it hears of, {@code join SPACE ID} writes a document and says {@code joined}.
 */
final class Node {
    private Node() {}

    public static void main(String[] arguments) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = new FileInputStream(arguments[1])) {
            properties.load(in);
        }
        GeodeOptions options = GeodeOptions.defaults()
                .withRegions(arguments[2])
                .withWaiting(ProcessLogOptions.defaults().withPoll(Duration.ofMillis(Long.parseLong(arguments[3]))));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Store store = GeodeStore.connect(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]))),
                properties,
                options)) {
            out.println("ready");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", 3);
                SpaceId space = SpaceId.of(words[1]);
                if (words[0].equals("watch")) {
                    store.watch(space, () -> out.println("changed"));
                    out.println("watching");
                } else {
                    store.join(space, Batch.of(List.of(document(words[2]))));
                    out.println("joined");
                }
            }
        }
    }

    /** A document with one field. */
    static DocumentCells document(String id) {
        ReplicaId replica = new ReplicaId(1);
        Stamp stamp = Stamp.of(1_700_000_000_000L, 0, replica);
        return new DocumentCells(
                DocumentId.of("things", id),
                DocumentState.of(Map.of(
                        Path.existence(replica),
                        Cell.live(stamp),
                        Path.register("field"),
                        Cell.live(stamp, Value.of(id)))));
    }
}
