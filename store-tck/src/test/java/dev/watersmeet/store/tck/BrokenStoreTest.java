package dev.watersmeet.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import dev.watersmeet.store.Store;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The kit fails where it should: each of these tests passes for a store that is right, and not for one that is wrong. */
class BrokenStoreTest {
    static Stream<Broken> brokenStores() {
        return Stream.of(
                broken(StoreContract.Joining.class, "whatWasJoinedIsRead", BrokenStores.WritesLater::new),
                broken(StoreContract.Joining.class, "theGreatestCellStays", BrokenStores.LastArrivalStays::new),
                broken(StoreContract.Joining.class, "theOrderOfJoinsDoesNotMatter", BrokenStores.LastArrivalStays::new),
                broken(StoreContract.Marking.class, "marksAreWrittenWithTheirCells", BrokenMarks.MarkBeforeCells::new),
                broken(StoreContract.Marking.class, "theGreaterMarkStays", BrokenMarks.LastMarkStays::new),
                broken(
                        StoreContract.Marking.class,
                        "aBatchThatFollowsAnotherMarkIsRefused",
                        BrokenMarks.IgnoresTheFormerMark::new),
                broken(StoreContract.Marking.class, "oneFollowsAMark", BrokenMarks.ChecksTheFormerMarkFirst::new),
                broken(
                        StoreContract.Marking.class,
                        "oneOfSeveralInstancesFollowsAMark",
                        BrokenMarks.ChecksTheFormerMarkFirst::new),
                broken(
                        StoreContract.Following.class,
                        "aBatchThatCommitsLateIsNotPassedBy",
                        BrokenStores.NumberBeforeCommit::new),
                broken(StoreContract.Following.class, "aBatchIsNotSplit", BrokenStores.BatchesAreSplit::new),
                broken(
                        StoreContract.Following.class,
                        "aBatchIsNotSplitWhileItIsWritten",
                        BrokenStores.BatchesAreSplit::new),
                broken(StoreContract.Following.class, "pagesAreNotTorn", BrokenSteps.ReadsTheNewestOneByOne::new),
                broken(StoreContract.Purging.class, "marksAndMetadataStay", BrokenSteps.TrimsMarksWithTheLog::new),
                broken(StoreContract.Erasing.class, "deletingIsOneStep", BrokenSteps.DeletesMetadataLater::new),
                broken(StoreContract.Erasing.class, "deletingIsOneStep", BrokenSteps.DeletesMarksLater::new),
                broken(StoreContract.Sharing.class, "theTailOfACrashedWriterStays", BrokenSteps.LosesTheTail::new),
                broken(StoreContract.Renewing.class, "timeBeginsAnew", BrokenMaintenance.KeepsItsEpoch::new),
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
                broken(StoreContract.Watching.class, "aListenerIsCalled", BrokenLifetimes.NeverCalls::new),
                broken(
                        StoreContract.Watching.class,
                        "closingWaitsForNoListener",
                        BrokenLifetimes.ClosesAfterTheListener::new),
                broken(StoreContract.Reopening.class, "everythingSurvives", BrokenStores::forgetful),
                broken(StoreContract.Reopening.class, "cursorsSurvive", BrokenStores::forgetful),
                broken(StoreContract.Sharing.class, "theOtherInstanceSees", BrokenStores::forgetful),
                broken(StoreContract.Closing.class, "laterCallsAreRefused", BrokenLifetimes.StaysOpen::new),
                broken(StoreContract.Closing.class, "closingCallsListeners", BrokenLifetimes.ClosesInSilence::new),
                broken(StoreContract.Naming.class, "documentsOfAnyName", BrokenStores.FoldsNames::new),
                broken(StoreContract.Naming.class, "theLongestValue", BrokenStores.BatchesAreSplit::new),
                broken(StoreContract.Reopening.class, "cursorsStayWithinTheirBound", BrokenLifetimes.CursorsGrow::fast),
                broken(StoreContract.Reopening.class, "cursorsDoNotGrow", BrokenLifetimes.CursorsGrow::slowly),
                broken(
                        StoreContract.Bounding.class,
                        "aDocumentAboveTheLimitIsRefused",
                        BrokenStores.BatchesAreSplit::new),
                broken(StoreContract.Bounding.class, "aBatchAboveTheLimitIsRefused", BrokenStores.BatchesAreSplit::new),
                brokenUnclaimed(
                        StoreContract.Claiming.class, "aPurgeIsRefused", BrokenMaintenance.PretendsToPurge::new),
                broken(StoreContract.Expiring.class, "theCheckAgrees", BrokenMaintenance.ChecksTheFormOnly::new),
                broken(StoreContract.Purging.class, "stampsDoNotCount", BrokenMaintenance.PurgesAll::new),
                broken(StoreContract.Purging.class, "youngerCellsKeepADocument", BrokenMaintenance.PurgesAll::new),
                broken(
                        StoreContract.Purging.class,
                        "nothingWrittenMeanwhileGoes",
                        BrokenMaintenance.PurgesWhatItHasRead::new),
                broken(StoreContract.Sharing.class, "theOtherInstanceForgets", BrokenMaintenance.CachesReads::new),
                broken(StoreContract.Sharing.class, "theOtherInstanceErases", BrokenMaintenance.CachesReads::new),
                broken(StoreContract.Fencing.class, "readersEndWithTheScan", BrokenMaintenance.DropsInSilence::new),
                broken(StoreContract.Fencing.class, "readersFollowMeanwhile", BrokenMaintenance.DropsInSilence::new),
                broken(
                        StoreContract.Fencing.class,
                        "aBatchFromBeforeIsRefused",
                        BrokenMaintenance.IgnoresTheBasis::new),
                broken(StoreContract.Fencing.class, "noFragmentsSlipIn", BrokenMaintenance.ChecksTheBasisFirst::new),
                broken(
                        StoreContract.Fencing.class,
                        "noFragmentsSlipInFromElsewhere",
                        BrokenMaintenance.ChecksTheBasisFirst::new),
                broken(StoreContract.Renewing.class, "aNewEpochEndsAllCursors", BrokenMaintenance.KeepsItsEpoch::new),
                broken(
                        StoreContract.Renewing.class,
                        "whoHasForgottenNothingThatTheCopyHasNotStandsOut",
                        BrokenMaintenance.ForgetsTheFormerEpoch::new),
                broken(
                        StoreContract.Renewing.class,
                        "whoHasForgottenNothingThatTheCopyHasNotStandsOut",
                        BrokenMaintenance.WelcomesAnybodyBack::new),
                broken(
                        StoreContract.Renewing.class,
                        "onlyTheFormerEpochStandsOut",
                        BrokenMaintenance.WelcomesAnybodyBack::new),
                broken(StoreContract.Erasing.class, "spacesAreListed", BrokenMaintenance.ListsWhatItHasOpen::new),
                broken(StoreContract.Erasing.class, "aDeletedSpaceIsGone", BrokenMaintenance.LeavesMetadata::new));
    }

    /** A store with a mistake, and the test that finds it. */
    private record Broken(
            Class<? extends Contract> contract,
            String test,
            Function<Store, Store> right,
            Function<Store, Store> wrong) {
        Rule rule() {
            try {
                Method method = contract.getSuperclass().getDeclaredMethod(test);
                return Rule.of(method.getAnnotation(DisplayName.class).value());
            } catch (NoSuchMethodException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public String toString() {
            return rule().number() + " " + test;
        }
    }

    private static Broken broken(Class<? extends Contract> contract, String test, Function<Store, Store> store) {
        return new Broken(contract, test, Handle::new, store);
    }

    private static Broken brokenUnclaimed(
            Class<? extends Contract> contract, String test, Function<Store, Store> store) {
        return new Broken(contract, test, BrokenMaintenance.ClaimsNothing::new, store);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenStores")
    void aTestFailsForABrokenStore(Broken broken) {
        assertThat(run(broken, broken.right).getTestsSucceededCount())
                .as("for a store that is right")
                .isEqualTo(1);

        TestExecutionSummary summary = run(broken, broken.wrong);

        assertThat(summary.getFailures()).as("for a broken store").hasSize(1);
        assertThat(summary.getFailures().get(0).getException())
                .as("says which rule was broken, and how that happens")
                .hasMessageContaining(broken.rule().explanation());
    }

    private static TestExecutionSummary run(Broken broken, Function<Store, Store> handles) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        Subject.handles = handles;
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectNestedMethod(List.of(Subject.class), broken.contract, broken.test))
                                .build(),
                        listener);
        return listener.getSummary();
    }

    /** What the inner runs test. */
    static final class Subject extends StoreContract {
        private static Function<Store, Store> handles = Handle::new;

        @Override
        protected StoreFixture fixture() {
            return new HandleFixture(handles);
        }
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void everyRuleHasATestAndAStoreThatBreaksIt(Rule rule) {
        assertThat(testNames()).as("tests of %s", rule.number()).anyMatch(name -> Rule.of(name) == rule);
        assertThat(brokenStores()).as("stores that break %s", rule.number()).anyMatch(broken -> broken.rule() == rule);
    }

    private static List<String> testNames() {
        return Arrays.stream(StoreContract.class.getDeclaredClasses())
                .flatMap(contract -> Arrays.stream(contract.getSuperclass().getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getAnnotation(DisplayName.class).value())
                .toList();
    }

    @Test
    void theRulesAreThoseOfTheContract() throws IOException {
        Path contract = Path.of("..", "store-spi", "src", "main", "java", "dev", "watersmeet", "store");
        Set<String> numbers = new TreeSet<>();
        for (String type : List.of("Store", "Metadata", "Maintenance")) {
            Matcher rules =
                    Pattern.compile("<b>(S-[0-9]+)</b>").matcher(Files.readString(contract.resolve(type + ".java")));
            while (rules.find()) {
                numbers.add(rules.group(1));
            }
        }

        assertThat(Rule.values()).extracting(Rule::number).containsExactlyInAnyOrderElementsOf(numbers);
    }
}
