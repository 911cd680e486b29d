package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class EpochRenewalsTest {
    private static final int SPACES = 5;

    private final Store store = MemoryStore.empty();
    private final Map<SpaceId, Cursor> cursors = new HashMap<>();
    private final List<SpaceId> spaces =
            IntStream.range(0, SPACES).mapToObj(i -> SpaceId.of("space-" + i)).toList();

    EpochRenewalsTest() {
        spaces.forEach(space -> cursors.put(space, store.join(space, Batch.of(List.of()))));
    }

    private EpochRenewals.Count renew(String name) {
        return new EpochRenewals(store, name).run((space, count) -> {});
    }

    private void assertEnded() {
        cursors.forEach((space, cursor) ->
                assertThat(store.check(space, cursor)).as("%s", space).isEqualTo(CursorState.BEFORE_RENEWAL));
    }

    @Test
    void everySpaceIsRenewedOnceHoweverOftenItIsRun() {
        assertThat(renew("monday")).isEqualTo(new EpochRenewals.Count(SPACES, 0, SPACES));
        assertEnded();
        assertThat(renew("monday")).isEqualTo(new EpochRenewals.Count(0, 0, SPACES));
        assertEnded();
    }

    @Test
    void aRunThatWasInterruptedIsGoneOnWith() {
        EpochRenewals interrupted = new EpochRenewals(store, "monday");
        assertThatThrownBy(() -> interrupted.run((space, count) -> {
                    if (count.all() == 2) {
                        throw new IllegalStateException("killed");
                    }
                }))
                .hasMessage("killed");
        SpaceId next = spaces.get(2); // its renewal was noted and did not come about
        store.metadata(next).compareAndSet("watersmeet.restored", null, "monday\n" + store.head(next));

        assertThat(renew("monday")).isEqualTo(new EpochRenewals.Count(SPACES - 2, 0, SPACES));
        assertEnded();
    }

    @Test
    void aSpaceThatFailsKeepsNoneOfTheOthersFromIt() {
        SpaceId failing = spaces.get(1);

        EpochRenewals.Count count =
                new EpochRenewals(FailingSpace.of(store, failing), "monday").run((space, sofar) -> {});

        assertThat(count).isEqualTo(new EpochRenewals.Count(SPACES - 1, 1, SPACES));
        cursors.remove(failing);
        assertEnded();
    }

    @Test
    void anotherRestoreRenewsAllAgain() {
        renew("monday");
        spaces.forEach(space -> cursors.put(space, store.head(space)));

        assertThat(renew("tuesday")).isEqualTo(new EpochRenewals.Count(SPACES, 0, SPACES));
        assertEnded();
    }

    @Test
    void theCommandRefusesNamesOfSeveralLinesAndStoresOfOneServer() {
        assertThat(new CommandLine(new Main()).execute("renew-epochs", "--store=memory", "--restored=a\nb"))
                .isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(new CommandLine(new Main()).execute("renew-epochs", "--store=memory", "--restored=monday"))
                .isEqualTo(CommandLine.ExitCode.USAGE);
    }
}
