package dev.watersmeet.server;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options that a command was given, and does not have by default.
 *
 * @param names their names
 */
record GivenOptions(List<String> names) {
    GivenOptions {
        names = List.copyOf(names);
    }

    /** Those of a command that is being run. */
    static GivenOptions of(CommandSpec command) {
        return new GivenOptions(command.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .toList());
    }

    /**
     * Refuses options that would do nothing: whoever gives one counts on it.
     *
     * @param useful whether they do something
     * @param with with what they would
     * @param beginnings what their names begin with
     * @throws IllegalArgumentException if one of them was given in vain
     */
    void refuseUnless(boolean useful, String with, String... beginnings) {
        if (useful) {
            return;
        }
        for (String name : names) {
            if (Arrays.stream(beginnings).anyMatch(name::startsWith)) {
                throw new IllegalArgumentException(name + " goes with " + with);
            }
        }
    }
}
