package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.sync.Principal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StaticTokensTest {
    private static final Principal ANN = new Principal("ann");
    private static final Principal BEN = new Principal("ben");

    @Test
    void eachTokenStandsForItsPrincipalAndOthersForNobody() {
        StaticTokens tokens = StaticTokens.of(Map.of("a", ANN, "b==", BEN));
        assertThat(tokens.authenticate("a")).contains(Authentication.of(ANN));
        assertThat(tokens.authenticate("b==")).contains(Authentication.of(BEN));
        assertThat(tokens.authenticate("c")).isEmpty();
        assertThat(tokens.authenticate("")).isEmpty();
        assertThat(StaticTokens.of(Map.of()).authenticate("a")).isEmpty();
    }

    @Test
    void tokensThatNoRequestCanCarryAreRefusedWithoutShowingThem() {
        assertThatThrownBy(() -> StaticTokens.of(Map.of("se cret", ANN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ann")
                .hasMessageNotContaining("se cret");
    }

    @Test
    void theSchemeOfAHeaderMayBeInAnyCase() {
        assertThat(BearerToken.parse("bearer abc")).contains("abc");
        assertThat(BearerToken.parse("BEARER  a.b-c_d~e+f/g==")).contains("a.b-c_d~e+f/g==");
        assertThat(BearerToken.parse("Bearer a b")).isEmpty();
        assertThat(BearerToken.parse("Bearer a\r\nb")).isEmpty();
        assertThat(BearerToken.parse(null)).isEmpty();
    }
}
