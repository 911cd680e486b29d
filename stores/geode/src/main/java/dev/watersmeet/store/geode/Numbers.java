package dev.watersmeet.store.geode;

import dev.watersmeet.store.geode.function.Layers;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Maps from numbers to numbers, not negative, as they are kept: of two for one the greater stays. */
final class Numbers {
    private Numbers() {}

    static byte[] change(long name, long number) {
        return Layers.layer(1, Map.of(bytes(name), bytes(number)).entrySet());
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    static Map<Long, Long> parse(byte[] stored) {
        return Failures.reading(() -> {
            Map<Long, Long> numbers = new HashMap<>();
            Layers.forEach(
                    stored,
                    (generation, name, value) -> numbers.put(
                            ByteBuffer.wrap(name).getLong(),
                            ByteBuffer.wrap(value).getLong()));
            return numbers;
        });
    }
}
