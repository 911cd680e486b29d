package dev.watersmeet.store.embedded;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.encoding.Encoder;
import org.junit.jupiter.api.Test;

/** Records that nobody can have written are told as damage, and as nothing else. All of these were found by fuzzing. */
class DamagedRecordsTest {
    private static byte[] mark(String principal, int number, String nonce) {
        return Encoder.form(1)
                .text(principal)
                .number(number)
                .text(nonce)
                .text("{}")
                .toBytes();
    }

    private static void assertDamage(Runnable reading) {
        assertThatExceptionOfType(MalformedException.class).isThrownBy(reading::run);
    }

    @Test
    void anEmptyEntryOfTheLogIsDamage() {
        byte[] empty = {};
        assertDamage(() -> LogEntry.isPurge(empty));
        assertDamage(() -> LogEntry.time(empty));
    }

    @Test
    void anEntryOfTheLogThatEndsWithinItsTimeIsDamage() {
        byte[] cut = {1, 0x20, 0x0b, 0x6c};
        assertDamage(() -> LogEntry.forEach(cut, (id, path, cell, bytes) -> {}));
        assertDamage(() -> LogEntry.time(cut));
    }

    @Test
    void theMarkOfPushZeroIsDamage() {
        assertDamage(() -> MarkBytes.parse(new ReplicaId(1), mark("ann", 0, "n")));
    }

    @Test
    void aMarkWithALongNonceIsDamage() {
        assertDamage(() -> MarkBytes.parse(new ReplicaId(1), mark("ann", 1, "n".repeat(90))));
    }

    @Test
    void aFormerMarkOfPushZeroWithANonceIsDamage() {
        assertDamage(() -> MarkBytes.parseFormer(mark("ann", 0, "n")));
    }
}
