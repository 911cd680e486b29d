package dev.watersmeet.store.geode;

import dev.watersmeet.store.processlogs.Versioned;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.geode.cache.Region;
import org.jspecify.annotations.Nullable;

/**
 * Records, which are changed by compare-and-set: a touch (8 bytes), whether there is a record (1), its version (8), its bytes.
 *
 * <p>A compare-and-set whose outcome is not known may be on its way still. It expects certain bytes: so who has to know touches the record, which makes others of them, and none that ever were. For the same reason a record that is
 * deleted leaves its version, and who finds no record leaves one that says so.
 */
final class Records {
    private static final int HEAD = Long.BYTES + 1 + Long.BYTES;

    private Records() {}

    static @Nullable Versioned read(Region<String, byte[]> region, String key) {
        byte @Nullable [] stored = Failures.repeating(() -> region.get(key));
        return parse(stored);
    }

    /** Reads a record after making sure that nothing that was sent before will still change it. */
    static @Nullable Versioned readSettled(Region<String, byte[]> region, String key) {
        byte @Nullable [] settled = Failures.repeating(() -> {
            while (true) {
                byte @Nullable [] stored = region.get(key);
                boolean touched = stored == null
                        ? region.putIfAbsent(key, bytes(1, null, 0)) == null
                        : region.replace(key, stored, touched(stored));
                if (touched) {
                    return stored;
                }
            }
        });
        return parse(settled);
    }

    private static byte[] touched(byte[] stored) {
        byte[] touched = stored.clone();
        ByteBuffer.wrap(touched).putLong(ByteBuffer.wrap(stored).getLong() + 1);
        return touched;
    }

    static boolean compareAndSet(
            Region<String, byte[]> region, String key, @Nullable Versioned expected, @Nullable Versioned replacement) {
        byte[] wanted = bytes(0, replacement, expected == null ? 0 : expected.version());
        byte @Nullable [] likely = expected == null ? null : bytes(0, expected, 0); // unless it was touched
        while (true) {
            byte @Nullable [] seen = likely;
            if (seen == null) {
                likely = Failures.once(() -> region.putIfAbsent(key, wanted));
                if (likely == null) {
                    return true;
                }
            } else {
                if (Failures.once(() -> region.replace(key, seen, wanted))) {
                    return true;
                }
                likely = Failures.repeating(() -> region.get(key));
            }
            @Nullable Versioned now = parse(likely);
            if (replacement != null && now != null && now.version() == replacement.version()) {
                return true; // versions are drawn at random: it was this one
            }
            boolean same = (now == null || expected == null) ? now == expected : now.version() == expected.version();
            if (!same) {
                return false;
            }
        }
    }

    private static byte[] bytes(long touch, @Nullable Versioned record, long deleted) {
        byte[] body = record == null ? new byte[0] : record.bytes();
        return ByteBuffer.allocate(HEAD + body.length)
                .putLong(touch)
                .put((byte) (record == null ? 0 : 1))
                .putLong(record == null ? deleted : record.version())
                .put(body)
                .array();
    }

    private static @Nullable Versioned parse(byte @Nullable [] stored) {
        if (stored == null) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(stored);
        in.getLong();
        return in.get() == 0 ? null : Versioned.of(in.getLong(), Arrays.copyOfRange(stored, HEAD, stored.length));
    }
}
