package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantsTest {
    @Test
    void aTokenMayEndWithEqualSignsAndANameMayHaveMany() {
        assertThat(Tenants.parse(List.of("ann=abc==", "ann=def")).tokens())
                .isEqualTo(Map.of("abc==", "ann", "def", "ann"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "=secret", " =secret", "ann=", "ann=sec ret", "ann==secret"})
    void whatIsNoNameAndTokenIsRefusedWithoutShowingIt(String assignment) {
        assertThatThrownBy(() -> Tenants.parse(List.of(assignment)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("sec");
    }

    @Test
    void oneTokenStandsForOneName() {
        assertThatThrownBy(() -> Tenants.parse(List.of("ann=abc", "ben=abc"))).hasMessageContaining("ben");
    }

    @Test
    void theDemoHasFreshTokensAtEachStart() {
        Tenants none = Tenants.parse(List.of());
        assertThat(none.withDemo().demoTokens()).isNotEqualTo(none.withDemo().demoTokens());
    }
}
