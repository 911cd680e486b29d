package dev.watersmeet.store.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_16BE;

import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The metadata of spaces: a znode for each key. Texts are stored in UTF-16, for they may have lone surrogates. Thread-safe. */
final class StoredMetadata {
    private static final int FORM = 1;

    private final Ensemble ensemble;
    private final Paths paths;
    private final Heads heads;

    StoredMetadata(Ensemble ensemble, Paths paths, Heads heads) {
        this.ensemble = ensemble;
        this.paths = paths;
        this.heads = heads;
    }

    Optional<String> get(Space space, String key) {
        Held held = heads.refresh(space);
        return held.alive()
                ? Optional.ofNullable(value(ensemble.get(paths.metadata(held.life(), key))))
                : Optional.empty();
    }

    boolean compareAndSet(Space space, String key, @Nullable String expected, String value) {
        return heads.untilCommitted(space, () -> {
            Held held = heads.alive(space);
            String path = paths.metadata(held.life(), key);
            @Nullable Node before = ensemble.get(path);
            if (!Objects.equals(value(before), expected)) {
                return Optional.of(false);
            }
            byte[] bytes = Encoder.form(FORM)
                    .bytes(key.getBytes(UTF_16BE))
                    .bytes(value.getBytes(UTF_16BE))
                    .toBytes();
            Commit commit = heads.commit();
            commit.put(path, bytes, before);
            long growth = (long) bytes.length - (before == null ? 0 : before.data().length);
            Head next = held.head().withSize(held.head().size().plus(0, 0, growth, 0));
            return heads.commit(space, held, next, commit).map(done -> true);
        });
    }

    private static @Nullable String value(@Nullable Node node) {
        if (node == null) {
            return null;
        }
        Decoder in = Decoder.form(FORM, node.data());
        in.bytes(); // the key, for people
        return new String(in.bytes(), UTF_16BE);
    }
}
