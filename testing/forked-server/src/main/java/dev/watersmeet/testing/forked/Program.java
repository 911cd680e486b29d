package dev.watersmeet.testing.forked;

import java.util.List;

/**
 * What a forked process runs.
 *
 * @param name what it is, for messages
 * @param jvmOptions options of its Java virtual machine
 * @param classPath its class path
 * @param mainClass a class with a main method
 * @param arguments of that method
 */
public record Program(
        String name, List<String> jvmOptions, String classPath, String mainClass, List<String> arguments) {
    public Program {
        jvmOptions = List.copyOf(jvmOptions);
        arguments = List.copyOf(arguments);
    }
}
