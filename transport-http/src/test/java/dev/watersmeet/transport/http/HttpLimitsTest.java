package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpLimitsTest {
    @Test
    void theDocumentedTableIsThatOfTheCode() throws Exception {
        String table = "| limit | default | bounds | beyond it | kept by |\n| --- | --- | --- | --- | --- |\n"
                + Arrays.stream(Limit.values()).map(Limit::row).collect(Collectors.joining("\n"));
        assertThat(Files.readString(Path.of("../docs/limits.md"))).contains(table);
    }

    @Test
    void settingOneLimitLeavesTheOthersAndTheDefaults() {
        HttpLimits limits = HttpLimits.defaults().with(Limit.HEARTBEAT, 100).with(Limit.FEEDS, 7);
        assertThat(limits.durationOf(Limit.HEARTBEAT)).isEqualTo(Duration.ofMillis(100));
        assertThat(limits.intOf(Limit.FEEDS)).isEqualTo(7);
        assertThat(limits.of(Limit.BODY_BYTES)).isEqualTo(Limit.BODY_BYTES.standard());
        assertThat(HttpLimits.defaults().of(Limit.FEEDS)).isEqualTo(10_000);
        assertThat(HttpLimits.defaults()
                        .with(Limit.BODIES_BYTES, Long.MAX_VALUE)
                        .intOf(Limit.BODIES_BYTES))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @EnumSource
    void everyDefaultIsAllowedAndFoundByItsName(Limit limit) {
        assertThat(limit.checked(limit.standard())).isEqualTo(limit.standard());
        assertThat(Limit.parse(limit.text())).isEqualTo(limit);
    }

    @Test
    void whatALimitCannotBeIsSaid() {
        assertThatThrownBy(() -> HttpLimits.defaults().with(Limit.HEARTBEAT, 30_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the limit heartbeat is from 1 to 20000, not 30000");
        assertThatThrownBy(() -> Limit.parse("feed")).hasMessageContaining("feeds-of-principal");
    }

    @Test
    void aSlowBodyIsToldFromASlowStart() {
        long second = Duration.ofSeconds(1).toNanos();
        HttpLimits limits = HttpLimits.defaults().with(Limit.BODY_BYTES_PER_SECOND, 100);
        Pace pace = new Pace(limits, 0);
        assertThatCode(() -> pace.check(1, 5 * second)).doesNotThrowAnyException();
        assertThatCode(() -> pace.check(1_000, 10 * second)).doesNotThrowAnyException();
        assertThatThrownBy(() -> pace.check(999, 10 * second)).hasMessageContaining("100 bytes/s");
        assertThatThrownBy(() -> pace.check(1 << 20, 121 * second)).hasMessageContaining("120000 ms");
    }
}
