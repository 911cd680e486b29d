package dev.watersmeet.server;

import dev.watersmeet.transport.http.Peers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the command that are about other servers on the same store. */
final class PeerOptions {
    private static final long MAX_SECRET_BYTES = 1 << 16;

    @Option(
            names = "--peer",
            paramLabel = "URL",
            split = ",",
            description =
                    "another server on the same store, as http://10.0.0.2:8080, which is told at once what was written through this one; repeatable, and this one may be among them")
    private List<URI> addresses = List.of();

    @Option(
            names = "--peer-secret-file",
            paramLabel = "FILE",
            description =
                    "the secret that all servers on the store have, at least 32 characters; with it, this one hears the others")
    private @Nullable Path secret;

    /**
     * The peers that the options ask for; empty if they ask for none.
     *
     * @throws IllegalArgumentException if they cannot be used
     * @throws IOException if the file cannot be used; the message says why, and shows nothing of it
     */
    Optional<Peers> peers() throws IOException {
        if (secret == null) {
            if (!addresses.isEmpty()) {
                throw new IllegalArgumentException("a --peer needs a --peer-secret-file");
            }
            return Optional.empty();
        }
        if (!Files.isReadable(secret)) {
            throw new IOException(secret + " is not there, or cannot be read");
        }
        if (Files.size(secret) > MAX_SECRET_BYTES) {
            throw new IOException(secret + " has more than " + MAX_SECRET_BYTES + " bytes");
        }
        return Optional.of(Peers.of(addresses, Files.readString(secret).strip()));
    }
}
