package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The metadata of spaces: a record for each key. Thread-safe. */
final class StoredMetadata {
    private static final int FORM = 1;

    private final Backend backend;
    private final Controls controls;

    StoredMetadata(Backend backend, Controls controls) {
        this.backend = backend;
        this.controls = controls;
    }

    Optional<String> get(SpaceKey space, String key) {
        return Optional.ofNullable(value(backend.record(RecordKey.metadata(space, key), false)));
    }

    private static @Nullable String value(@Nullable Versioned stored) {
        return stored == null ? null : Decoder.form(FORM, stored.bytes()).text();
    }

    boolean compareAndSet(Space space, String key, @Nullable String expected, String value) {
        RecordKey record = RecordKey.metadata(controls.alive(space).key(), key);
        byte[] bytes = Encoder.form(FORM).text(value).toBytes();
        while (true) {
            @Nullable Versioned stored = backend.record(record, false);
            if (!Objects.equals(value(stored), expected)) {
                return false;
            }
            if (set(record, stored, Versioned.of(controls.draw(), bytes))) {
                return true;
            }
        }
    }

    private boolean set(RecordKey record, @Nullable Versioned stored, Versioned replacement) {
        try {
            return backend.compareAndSet(record, stored, replacement);
        } catch (StoreException e) {
            @Nullable Versioned now = e.retryable() ? backend.record(record, true) : null;
            if (now != null && now.version() == replacement.version()) {
                return true;
            }
            throw e;
        }
    }
}
