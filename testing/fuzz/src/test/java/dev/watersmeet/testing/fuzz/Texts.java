package dev.watersmeet.testing.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** The texts of the merge format: what is taken has a canonical text, which is taken as the same. */
final class Texts {
    private Texts() {}

    /** A text of an input: UTF-8; or, behind a zero, UTF-16 units, so that lone surrogates occur. */
    static String text(byte[] input) {
        if (input.length == 0 || input[0] != 0) {
            return new String(input, StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder();
        for (ByteBuffer units = ByteBuffer.wrap(input, 1, input.length - 1); units.remaining() >= Character.BYTES; ) {
            text.append(units.getChar());
        }
        return text.toString();
    }

    private static <T> Optional<T> parse(byte[] input, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(text(input)));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    static void checkValue(byte[] input) {
        parse(input, Value::parse).ifPresent(value -> {
            assertThat(Value.parse(value.text()).text()).isEqualTo(value.text());
            assertThat(Value.of(value.toJava())).isEqualTo(value);
        });
    }

    static void checkPath(byte[] input) {
        parse(input, Path::parse).ifPresent(path -> {
            assertThat(path.text()).isEqualTo(text(input));
            assertThat(Path.of(Value.parse(path.text()))).isEqualTo(path);
        });
    }

    static void checkStamp(byte[] input) {
        parse(input, Stamp::parse).ifPresent(stamp -> {
            assertThat(stamp).hasToString(text(input));
            assertThat(new Stamp(stamp.time(), stamp.replica())).isEqualTo(stamp);
        });
    }

    static void checkReplicaId(byte[] input) {
        parse(input, ReplicaId::parse).ifPresent(replica -> assertThat(replica).hasToString(text(input)));
    }

    static void checkSpaceId(byte[] input) {
        parse(input, SpaceId::of).ifPresent(space -> assertThat(space.name()).matches("[!-~]{1,128}"));
    }

    static void checkSchema(byte[] input) {
        parse(input, Schema::parse)
                .ifPresent(schema -> assertThat(Schema.parse(schema.toJson())).isEqualTo(schema));
    }
}
