package dev.watersmeet.store.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of the test class path, each in a process of its own. */
final class Forked {
    private Forked() {}

    /** Starts a program. What it prints goes to a file; what it unpacks goes to a folder that is deleted with the test. */
    static Process start(Class<?> program, Path temporary, Path output, Object... arguments) throws IOException {
        return startWith("-Xmx128m", program, temporary, output, arguments);
    }

    /** Starts a program with so much heap. */
    static Process startWith(String heap, Class<?> program, Path temporary, Path output, Object... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
