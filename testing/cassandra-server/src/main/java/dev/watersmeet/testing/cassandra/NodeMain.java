package dev.watersmeet.testing.cassandra;

import java.io.IOException;
import java.lang.reflect.Method;

/** The main class of a node's process: it ends with whoever started it, also if that was killed. */
final class NodeMain {
    private NodeMain() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread watch = new Thread(NodeMain::endWithParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        Method main =
                Class.forName("org.apache.cassandra.service.CassandraDaemon").getMethod("main", String[].class);
        main.invoke(null, (Object) new String[0]);
    }

    private static void endWithParent() {
        try {
            System.in.readNBytes(Integer.MAX_VALUE); // nobody writes: it ends when the other end is closed
        } catch (IOException e) {
            // closed as well
        }
        Runtime.getRuntime().halt(0);
    }
}
