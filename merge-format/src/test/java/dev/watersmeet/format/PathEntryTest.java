package dev.watersmeet.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Value;
import org.junit.jupiter.api.Test;

class PathEntryTest {
    private static final ReplicaId ONE = new ReplicaId(1);
    private static final ReplicaId OTHER = new ReplicaId(2);

    private static PathEntry entry(String text, boolean hasReplica) {
        return PathEntry.of(text.length(), hasReplica, () -> text);
    }

    @Test
    void cellsAtOnePathShareAnObject() {
        PathEntry entry = entry("[\"s\",\"tags\",\"red\"]", true);
        Path path = entry.path(ONE);
        assertThat(path).isEqualTo(Path.element("tags", Value.of("red"), ONE));
        assertThat(entry.path(OTHER)).isEqualTo(Path.element("tags", Value.of("red"), OTHER));
        assertThat(entry.path(ONE)).isSameAs(path);
    }

    @Test
    void whatIsNoPathIsParsedOnceForAllThatNameIt() {
        for (boolean hasReplica : new boolean[] {true, false}) {
            PathEntry entry = entry("[\"" + (hasReplica ? "s" : "r") + "\",1,1]", hasReplica);
            Throwable failure = catchThrowable(() -> entry.path(ONE));
            assertThat(failure).isInstanceOf(MalformedException.class).hasMessageContaining("M-10");
            assertThat(catchThrowable(() -> entry.path(ONE))).isSameAs(failure);
            assertThat(catchThrowable(() -> entry.path(OTHER))).isSameAs(failure);
        }
    }

    @Test
    void aTextThatIsLongerThanAnyPathIsNotAskedFor() {
        PathEntry entry = PathEntry.of(Path.MAX_BYTES + 1, true, () -> {
            throw new AssertionError("the text is asked for");
        });
        Throwable failure = catchThrowable(() -> entry.path(ONE));
        assertThat(failure)
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("4096 bytes")
                .hasMessageContaining("4097");
        assertThat(catchThrowable(() -> entry.path(OTHER))).isSameAs(failure);
    }
}
