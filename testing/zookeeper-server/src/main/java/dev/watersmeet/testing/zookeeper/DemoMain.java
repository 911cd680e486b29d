package dev.watersmeet.testing.zookeeper;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;

/** Starts a server for the demo, says where it is, and ends it when its standard input ends. */
public final class DemoMain {
    private DemoMain() {}

    /** Takes one argument: the folder of the server's data. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, Charset.defaultCharset());
        try (ZooKeeperEnsemble ensemble =
                ZooKeeperEnsemble.start(Path.of(arguments[0]).toAbsolutePath(), 1, Sync.FORCED)) {
            out.println(ensemble.connectString());
            System.in.readNBytes(Integer.MAX_VALUE); // nobody writes: it ends when the other end is closed
        }
    }
}
