package dev.watersmeet.testing.drill;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;

/** Starts a Drillbit for the demo on the workspace of a server's data, says where it is, and ends it when its standard input ends. */
public final class DemoMain {
    private DemoMain() {}

    /** Takes one argument: the folder of the data of {@code --store=drill}. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, Charset.defaultCharset());
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        try (Drillbit drillbit = Drillbit.start(folder.resolve("drillbit"), folder.resolve("sql"))) {
            out.println(drillbit.uri());
            System.in.readNBytes(Integer.MAX_VALUE); // nobody writes: it ends when the other end is closed
        }
    }
}
