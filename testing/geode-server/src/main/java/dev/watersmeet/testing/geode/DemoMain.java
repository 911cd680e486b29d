package dev.watersmeet.testing.geode;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;

/** Starts a locator and two servers for the demo, says where the locator is, and ends them when its standard input ends. */
public final class DemoMain {
    private static final int SERVERS = 2;

    private DemoMain() {}

    /** Takes two arguments: the folder of the data, and what is on the class path of the servers besides Geode: the functions of the store. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, Charset.defaultCharset());
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        GeodeSetup setup = GeodeSetup.of(SERVERS)
                .withCache(GeodeSetup.FUNCTIONS)
                .withClassPath(Path.of(arguments[1]).toAbsolutePath().toString());
        try (GeodeCluster cluster = GeodeCluster.start(folder, setup)) {
            out.println(cluster.locator());
            System.in.readNBytes(Integer.MAX_VALUE); // nobody writes: it ends when the other end is closed
        }
    }
}
