package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@link Fields} relies on when it groups cells by the types' kinds. */
class FieldTypeTest {
    @Test
    void twoTypesReadTheSameKindsOrNoneInCommon() {
        for (FieldType one : FieldType.values()) {
            for (FieldType other : FieldType.values()) {
                Set<Kind> common = EnumSet.copyOf(one.kinds());
                common.retainAll(other.kinds());
                assertThat(common).isIn(Set.of(), EnumSet.copyOf(other.kinds()));
            }
        }
    }

    @Test
    void everyKindOfAFieldIsReadBySomeTypeAndNoOtherIs() {
        for (Kind kind : Kind.values()) {
            assertThat(FieldType.reading(kind) != null).as(kind.name()).isEqualTo(kind.hasField());
        }
    }

    @Test
    void cellsAreGroupedUnderTheFirstTypeThatReadsThem() {
        assertThat(FieldType.FLAG.family()).isEqualTo(FieldType.SET);
        assertThat(FieldType.SET.family()).isEqualTo(FieldType.SET);
        assertThat(FieldType.reading(Kind.COUNTER_BASE)).isEqualTo(FieldType.COUNTER);
    }
}
