package dev.watersmeet.crdt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.laws.CrdtArbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PathTest {
    @Property
    void theBytesAreThoseOfTheText(@ForAll("paths") Path path) {
        assertThat(path.utf8()).isEqualTo(path.text().getBytes(UTF_8)).hasSize(path.bytes());
    }

    @Test
    void theBytesOfTheRootAreThoseOfItsText() {
        assertThat(Path.ROOT.utf8()).isEqualTo(Path.ROOT.text().getBytes(UTF_8)).hasSize(Path.ROOT.bytes());
    }

    @Provide
    Arbitrary<Path> paths() {
        return CrdtArbitraries.paths();
    }
}
