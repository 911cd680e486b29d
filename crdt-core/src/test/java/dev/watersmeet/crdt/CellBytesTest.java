package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CellBytesTest {
    @Test
    void theLayoutStandsBecauseStoresHoldIt() {
        Stamp stamp = new Stamp(0x0123456789abcdefL, new ReplicaId(0xfedcba9876543210L));
        assertThat(hex(Cell.live(stamp, Value.of("é"))))
                .isEqualTo("0123456789abcdef" + "fedcba9876543210" + "01" + "22c3a922");
        assertThat(hex(Cell.live(stamp))).isEqualTo("0123456789abcdef" + "fedcba9876543210" + "01");
        assertThat(hex(Cell.removed(stamp))).isEqualTo("0123456789abcdef" + "fedcba9876543210" + "81");
    }

    @Test
    void anotherVersionIsRefused() {
        byte[] bytes = CellBytes.of(Cell.removed(new Stamp(1, new ReplicaId(2))));
        bytes[CellBytes.HEAD - 1]++;
        assertThatThrownBy(() -> CellBytes.parse(bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void tooFewBytesAreRefused() {
        assertThatThrownBy(() -> CellBytes.parse(new byte[CellBytes.HEAD - 1]))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("at least 17 bytes");
    }

    private static String hex(Cell cell) {
        return HexFormat.of().formatHex(CellBytes.of(cell));
    }

    /** Stores hold what was written, and disks hold what they please. */
    @Test
    void damagedTextIsWrittenAsItWasRead() {
        byte[] bytes = CellBytes.of(new Cell(Stamp.of(1, 2, new ReplicaId(3)), false, Value.of("text")));
        bytes[bytes.length - 1] = (byte) 0xff;
        Cell read = CellBytes.parse(bytes);
        assertThat(CellBytes.parse(CellBytes.of(read))).isEqualTo(read);
    }

    @Property
    void bytesCompareAsCellsDo(@ForAll("cells") Cell one, @ForAll("cells") Cell two) {
        int bytes = Arrays.compareUnsigned(CellBytes.of(one), CellBytes.of(two));

        assertThat(Integer.signum(bytes)).isEqualTo(Integer.signum(one.compareTo(two)));
    }

    @Property
    void bytesAreReadBack(@ForAll("cells") Cell cell) {
        assertThat(CellBytes.parse(CellBytes.of(cell))).isEqualTo(cell);
    }

    /** Cells that often tie in a part. */
    @Provide
    Arbitrary<Cell> cells() {
        Arbitrary<Long> bits = Arbitraries.of(0L, 1L, 255L, 256L, Long.MAX_VALUE, Long.MIN_VALUE, -1L);
        Arbitrary<@Nullable Value> values = Arbitraries.oneOf(
                        Arbitraries.of("", "a", "ab", "é", "\uD7FF", "\uFFFD", "\uD83D\uDE00", "\uD83D"),
                        Arbitraries.strings().ofMaxLength(3))
                .map(text -> (@Nullable Value) Value.of(text))
                .injectNull(0.2);
        return Combinators.combine(bits, bits, Arbitraries.of(true, false), values)
                .as((time, replica, removed, value) ->
                        new Cell(new Stamp(time, new ReplicaId(replica)), removed, value));
    }
}
