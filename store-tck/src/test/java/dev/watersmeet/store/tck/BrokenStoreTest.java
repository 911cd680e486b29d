package dev.watersmeet.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The kit fails where it should: each of these tests passes for a store that is right, and not for one that is wrong. */
class BrokenStoreTest {
    static Stream<Arguments> brokenStores() {
        return Stream.of(
                broken(StoreContract.Joining.class, "whatWasJoinedIsRead", BrokenStores.WritesLater::new),
                broken(StoreContract.Joining.class, "theGreatestCellStays", BrokenStores.LastArrivalStays::new),
                broken(StoreContract.Joining.class, "theOrderOfJoinsDoesNotMatter", BrokenStores.LastArrivalStays::new),
                broken(StoreContract.Marking.class, "marksAreWrittenWithTheirCells", BrokenStores.MarkBeforeCells::new),
                broken(
                        StoreContract.Following.class,
                        "aBatchThatCommitsLateIsNotPassedBy",
                        BrokenStores.NumberBeforeCommit::new),
                broken(StoreContract.Following.class, "aBatchIsNotSplit", BrokenStores.BatchesAreSplit::new),
                broken(
                        StoreContract.Following.class,
                        "aBatchIsNotSplitWhileItIsWritten",
                        BrokenStores.BatchesAreSplit::new),
                broken(StoreContract.Following.class, "pagesOfLargeValuesAreBounded", BoundedByCellsOnly::new),
                broken(StoreContract.Scanning.class, "pagesOfLargeValuesAreBounded", BoundedByCellsOnly::new),
                broken(StoreContract.Expiring.class, "garbageExpires", BrokenStores.UnknownCursorsAreTheBeginning::new),
                broken(
                        StoreContract.Expiring.class,
                        "aCursorOfAnotherSpaceExpires",
                        BrokenStores.UnknownCursorsAreTheBeginning::new),
                broken(
                        StoreContract.Scanning.class,
                        "headThenScanThenChangesMissNothing",
                        BrokenStores.ScansLagBehindTheHead::new),
                broken(
                        StoreContract.Scanning.class,
                        "writingBetweenPagesHidesNothing",
                        BrokenStores.PagesByOffset::new),
                broken(
                        StoreContract.Scanning.class,
                        "scanningWhileWritingHidesNothing",
                        BrokenStores.PagesByOffset::new),
                broken(StoreContract.Deciding.class, "oneOfSeveralIsFirst", BrokenStores.ComparesThenSets::new),
                broken(StoreContract.Deciding.class, "noUpdateIsLost", BrokenStores.ComparesThenSets::new),
                broken(StoreContract.Watching.class, "aListenerIsCalled", BrokenStores.NeverCalls::new),
                broken(StoreContract.Reopening.class, "everythingSurvives", BrokenStores::forgetful),
                broken(StoreContract.Reopening.class, "cursorsSurvive", BrokenStores::forgetful),
                broken(StoreContract.Sharing.class, "theOtherInstanceSees", BrokenStores::forgetful),
                broken(StoreContract.Closing.class, "laterCallsAreRefused", BrokenStores.StaysOpen::new));
    }

    private static Arguments broken(Class<? extends Contract> contract, String test, Function<Store, Store> store) {
        return Arguments.of(contract, test, store);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("brokenStores")
    void aTestFailsForABrokenStore(Class<? extends Contract> contract, String test, Function<Store, Store> broken) {
        assertThat(run(contract, test, Handle::new).getTestsSucceededCount())
                .as("for a store that is right")
                .isEqualTo(1);
        assertThat(run(contract, test, broken).getTestsFailedCount())
                .as("for a broken store")
                .isEqualTo(1);
    }

    private static TestExecutionSummary run(Class<?> contract, String test, Function<Store, Store> handles) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        Subject.handles = handles;
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectNestedMethod(List.of(Subject.class), contract, test))
                                .build(),
                        listener);
        return listener.getSummary();
    }

    /** What the inner runs test. */
    static final class Subject extends StoreContract {
        private static Function<Store, Store> handles = Handle::new;

        @Override
        protected StoreFixture fixture() {
            return new HandleFixture(MemoryStore.empty(), handles);
        }
    }

    @Test
    void everyRuleHasATest() {
        List<String> names = Arrays.stream(StoreContract.class.getDeclaredClasses())
                .flatMap(contract -> Arrays.stream(contract.getSuperclass().getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(BrokenStoreTest::displayName)
                .toList();

        assertThat(names).allMatch(name -> name.matches("(S-[0-9]+|Metadata): .+"));
        IntStream.rangeClosed(1, 13)
                .forEach(rule -> assertThat(names).anyMatch(name -> name.startsWith("S-" + rule + ":")));
    }

    private static String displayName(Method method) {
        DisplayName name = method.getAnnotation(DisplayName.class);
        return name == null ? method.getName() : name.value();
    }
}
