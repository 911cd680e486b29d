package dev.watersmeet.testing.forked;

import java.io.IOException;
import java.util.Arrays;

/** The main class of a forked process: it runs the one that is its first argument, with the others, and ends with whoever started it, also if that was killed. */
final class ForkedMain {
    private ForkedMain() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread watch = new Thread(ForkedMain::endWithParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object)
                Arrays.copyOfRange(arguments, 1, arguments.length));
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
