package dev.watersmeet.auth.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A set of keys in a file, looked after every few seconds while tokens come. Thread-safe; who finds another one looking uses the keys that there are. */
final class JwksFile implements JWKSource<SecurityContext> {
    /** How old what is known of the file may be. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** A set of keys is a few KiB. */
    static final long MAX_FILE_BYTES = 1 << 20;

    private static final Logger log = LoggerFactory.getLogger(JwksFile.class);

    private final Path file;
    private final JWSAlgorithm algorithm;
    private final InstantSource clock;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Instant looked;
    private volatile Version version;
    private volatile JWKSet keys;

    /** What is different in a file that was written anew: its time, its length, or that it is another file of the same name. */
    private record Version(FileTime modified, long bytes, @Nullable Object key) {
        static Version of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }

    private JwksFile(Path file, JWSAlgorithm algorithm, InstantSource clock) throws IOException {
        this.file = file;
        this.algorithm = algorithm;
        this.clock = clock;
        this.looked = clock.instant();
        this.version = Version.of(file);
        this.keys = read();
    }

    static JwksFile open(Path file, JWSAlgorithm algorithm, InstantSource clock) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + " is not there, or cannot be read");
        }
        return new JwksFile(file, algorithm, clock);
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
        if (isDue(clock.instant()) && looking.tryLock()) {
            try {
                look();
            } finally {
                looking.unlock();
            }
        }
        return selector.select(keys);
    }

    /** A clock that was set back says nothing about how long ago the file was looked at. */
    private boolean isDue(Instant now) {
        return now.isBefore(looked) || !now.isBefore(looked.plus(INTERVAL));
    }

    private void look() {
        looked = clock.instant();
        try {
            Version now = Version.of(file);
            if (now.equals(version)) {
                return;
            }
            keys = read();
            version = now;
            log.info("the keys of tokens were read again from {}", file);
        } catch (IOException e) {
            log.error("the keys of tokens stay as they were: {}", e.toString());
        }
    }

    private JWKSet read() throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException(file + " has more than " + MAX_FILE_BYTES + " bytes");
        }
        JWKSet read;
        try {
            read = JWKSet.parse(Files.readString(file));
        } catch (ParseException e) { // its message may show a key
            throw new IOException(file + " is not a JSON Web Key Set", e);
        }
        KeyType type = KeyType.forAlgorithm(algorithm);
        if (read.getKeys().stream().noneMatch(key -> key.getKeyType().equals(type))) {
            throw new IOException(file + " has no key of type " + type + ", which " + algorithm + " needs");
        }
        return read;
    }
}
