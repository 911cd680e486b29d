package dev.watersmeet.testing.cassandra;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;

/** Starts a node for the demo, says where it speaks CQL, and ends it when its standard input ends. */
public final class DemoMain {
    private DemoMain() {}

    /** Takes one argument: the folder of the node's data. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, Charset.defaultCharset());
        try (CassandraCluster cluster =
                CassandraCluster.start(Path.of(arguments[0]).toAbsolutePath(), 1)) {
            out.println(cluster.contactPoints());
            System.in.readNBytes(Integer.MAX_VALUE); // nobody writes: it ends when the other end is closed
        }
    }
}
