package dev.watersmeet.server;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Schema;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option about how documents are merged. */
final class SchemaOption {
    private static final long MAX_FILE_BYTES = 1 << 20;

    @Option(
            names = "--schema",
            paramLabel = "FILE",
            description =
                    "the collections of all spaces, with the types of their fields, as JSON like {\"collections\":{\"todos\":{\"fields\":{\"tags\":\"set\"}}}}; what it does not name is merged as registers")
    private @Nullable Path file;

    /**
     * The schema that the option asks for; an empty one if it was not given.
     *
     * @throws IOException if the file cannot be read, or holds no schema; the message names the file, and the place in it
     */
    Schema schema() throws IOException {
        if (file == null) {
            return Schema.empty();
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new IOException("the schema " + file + " is not there, or cannot be read");
        }
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("the schema " + file + " has more than " + MAX_FILE_BYTES + " bytes");
        }
        try {
            return Schema.parse(Files.readString(file));
        } catch (MalformedException e) {
            throw new IOException("the schema " + file + " cannot be used: " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw new IOException("the schema " + file + " is not in UTF-8", e);
        }
    }
}
