package dev.watersmeet.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class CellBytesTest {
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
