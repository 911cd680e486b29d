package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StampTest {
    @Property
    void textAndStampAreTheSame(@ForAll long time, @ForAll long replica) {
        Stamp stamp = new Stamp(time, new ReplicaId(replica));
        assertThat(stamp.toString()).hasSize(26);
        assertThat(Stamp.parse(stamp.toString())).isEqualTo(stamp);
        assertThat(ReplicaId.parse(stamp.replica().toString())).isEqualTo(stamp.replica());
    }

    @Property
    void theOrderOfTextsIsTheOrderOfNumbers(
            @ForAll long time, @ForAll long replica, @ForAll long otherTime, @ForAll long otherReplica) {
        assertOrder(new Stamp(time, new ReplicaId(replica)), new Stamp(otherTime, new ReplicaId(otherReplica)));
        assertOrder(new Stamp(time, new ReplicaId(replica)), new Stamp(time, new ReplicaId(otherReplica)));
    }

    private static void assertOrder(Stamp one, Stamp other) {
        int numeric = Integer.signum(number(one).compareTo(number(other)));
        assertThat(Integer.signum(one.compareTo(other))).isEqualTo(numeric);
        assertThat(Integer.signum(one.toString().compareTo(other.toString()))).isEqualTo(numeric);
        assertThat(one.isAfter(other)).isEqualTo(numeric > 0);
        assertThat(Integer.signum(one.replica().compareTo(other.replica())))
                .isEqualTo(Integer.signum(
                        one.replica().toString().compareTo(other.replica().toString())));
    }

    private static BigInteger number(Stamp stamp) {
        return new BigInteger(Long.toUnsignedString(stamp.time()))
                .shiftLeft(64)
                .or(new BigInteger(Long.toUnsignedString(stamp.replica().bits())));
    }

    @Property
    void aTextIsAStampOrIsRefused(@ForAll @StringLength(26) @CharRange(from = '/', to = '[') String text) {
        try {
            assertThat(Stamp.parse(text)).hasToString(text);
        } catch (MalformedException e) {
            assertThat(text).doesNotMatch("[0-7][0-9A-HJKMNP-TV-Z]{25}");
        }
    }

    @Test
    void aReadingIsMillisecondsAndACounter() {
        Stamp stamp = Stamp.of(1_700_000_000_000L, 42, new ReplicaId(1));
        assertThat(stamp.millis()).isEqualTo(1_700_000_000_000L);
        assertThat(stamp.counter()).isEqualTo(42);
    }

    @Test
    void theGreatestStampHasAText() {
        Stamp greatest = Stamp.of(Stamp.MAX_MILLIS, Stamp.MAX_COUNTER, new ReplicaId(-1));
        assertThat(greatest).hasToString("7" + "Z".repeat(25));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0000000000000000000000000",
                "000000000000000000000000000",
                "80000000000000000000000000",
                "0000000000000000000000000i",
                "0000000000000000000000000I",
                "0000000000000000000000000L",
                "0000000000000000000000000O",
                "0000000000000000000000000U",
                "0000000000000000000000000a",
                "0000000000000000000000000-",
                "0000000000000000000000000\u0660",
                "0000000000000000000000000\0"
            })
    void whatIsNoStampIsRefused(String text) {
        assertThatThrownBy(() -> Stamp.parse(text)).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "000000000000", "00000000000000", "G000000000000", "000000000000u", "\uD83D\uDE0000000000000"
            })
    void whatIsNoReplicaIdIsRefused(String text) {
        assertThatThrownBy(() -> ReplicaId.parse(text)).isInstanceOf(MalformedException.class);
    }

    @Test
    void readingsOutOfRangeAreRefused() {
        ReplicaId replica = new ReplicaId(1);
        assertThatThrownBy(() -> Stamp.of(-1, 0, replica)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Stamp.of(Stamp.MAX_MILLIS + 1, 0, replica))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Stamp.of(0, -1, replica)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Stamp.of(0, Stamp.MAX_COUNTER + 1, replica))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
