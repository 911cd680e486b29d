package dev.watersmeet.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.memory.MemoryStore;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrantsTest {
    private static final Grants GRANTS = Grants.of(Map.of(
            "shop-*", Permission.READ, "shop-7", Permission.WRITE, "desk", Permission.WRITE, "shop", Permission.NONE));

    @ParameterizedTest
    @CsvSource({
        "shop-7, WRITE",
        "shop-8, READ",
        "shop-77, READ",
        "shop-, READ",
        "shop, NONE",
        "desk, WRITE",
        "desk2, NONE",
        "Desk, NONE"
    })
    void theGreatestOfWhatFitsASpaceCounts(String space, Permission permission) {
        assertThat(GRANTS.permission(SpaceId.of(space))).isEqualTo(permission);
        assertThat(Grants.everything().permission(SpaceId.of(space))).isEqualTo(Permission.WRITE);
        assertThat(Grants.of(Map.of()).permission(SpaceId.of(space))).isEqualTo(Permission.NONE);
    }

    @Test
    void theyNarrowWhatThePolicyAllowsAndNeverWidenIt() {
        SyncEngine engine = SyncEngine.on(MemoryStore.empty())
                .access((principal, space) -> space.name().equals("desk") ? Permission.NONE : Permission.WRITE)
                .open();
        Principal ada = new Principal("ada", GRANTS);
        engine.snapshot(ada, SpaceId.of("shop-8"), new ReplicaId(1), null);
        for (String closed : new String[] {"desk", "shop"}) {
            assertThatThrownBy(() -> engine.snapshot(ada, SpaceId.of(closed), new ReplicaId(1), null))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refused -> assertThat(refused.problem().code()).isEqualTo(ProblemCode.FORBIDDEN));
        }
    }

    @Test
    void aPolicyThatFollowsThemAllowsWhatTheySay() {
        assertThat(Access.asGranted().permission(new Principal("ada", GRANTS), SpaceId.of("shop-8")))
                .isEqualTo(Permission.READ);
        assertThat(Access.asGranted().permission(new Principal("ada"), SpaceId.of("shop-8")))
                .isEqualTo(Permission.WRITE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a\nb", "a\r", "\u001b[31mred", "a\u009bb", "a\u2028b", "a\u202eb", "a\u0000", "\ud800"
            })
    @Tag("P-19")
    void namesThatWouldForgeALogAreRefused(String name) {
        assertThatThrownBy(() -> new Principal(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContainingAny("red", "\n", "\u001b");
    }

    @Test
    void aNameHasABound() {
        assertThat(new Principal("ä".repeat(Mark.MAX_PRINCIPAL_LENGTH)).name()).hasSize(Mark.MAX_PRINCIPAL_LENGTH);
        assertThatThrownBy(() -> new Principal("x".repeat(Mark.MAX_PRINCIPAL_LENGTH + 1)))
                .hasMessageContaining("at most 1024");
    }
}
