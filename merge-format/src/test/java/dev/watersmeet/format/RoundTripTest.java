package dev.watersmeet.format;

import static dev.watersmeet.format.MessageForm.BATCH;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written is read as it was, and has no line breaks: it can be the data of an event. */
class RoundTripTest {
    private static final int TRIES = 100;

    @Property(tries = TRIES)
    void requests(@ForAll("requests") SyncRequest request) {
        byte[] json = MergeFormat.writeSyncRequest(request);
        assertThat(MergeFormat.readSyncRequest(json)).isEqualTo(request);
        byte[] batch = MergeFormat.writeSyncRequest(request, BATCH);
        assertThat(MergeFormat.readSyncRequest(batch, BATCH)).isEqualTo(request);
    }

    @Property(tries = TRIES)
    void answers(@ForAll("answers") SyncAnswer answer) {
        byte[] json = MergeFormat.writeSyncAnswer(answer);
        assertThat(MergeFormat.readSyncAnswer(json)).isEqualTo(answer);
        byte[] batch = MergeFormat.writeSyncAnswer(answer, BATCH);
        assertThat(MergeFormat.readSyncAnswer(batch, BATCH)).isEqualTo(answer);
    }

    @Property(tries = TRIES)
    void snapshotPages(@ForAll("snapshots") SnapshotPage page) {
        byte[] json = MergeFormat.writeSnapshotPage(page);
        assertThat(MergeFormat.readSnapshotPage(json)).isEqualTo(page);
        byte[] batch = MergeFormat.writeSnapshotPage(page, BATCH);
        assertThat(MergeFormat.readSnapshotPage(batch, BATCH)).isEqualTo(page);
    }

    @Property(tries = TRIES)
    void pages(@ForAll("pages") Page page) {
        byte[] json = MergeFormat.writePage(page);
        assertThat(MergeFormat.readPage(json)).isEqualTo(page);
        byte[] batch = MergeFormat.writePage(page, BATCH);
        assertThat(MergeFormat.readPage(batch, BATCH)).isEqualTo(page);
        assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("\n", "\r");
    }

    @Property(tries = TRIES)
    void problems(@ForAll("problems") Problem problem) {
        byte[] json = MergeFormat.writeProblem(problem);
        assertThat(MergeFormat.readProblem(json)).isEqualTo(problem);
        assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("\n", "\r");
    }

    @Property(tries = TRIES)
    void outcomes(@ForAll("outcomes") PushOutcome outcome) {
        assertThat(MergeFormat.readOutcome(MergeFormat.writeOutcome(outcome))).isEqualTo(outcome);
    }

    @Provide
    Arbitrary<SyncRequest> requests() {
        return Messages.requests();
    }

    @Provide
    Arbitrary<SyncAnswer> answers() {
        return Messages.answers();
    }

    @Provide
    Arbitrary<SnapshotPage> snapshots() {
        return Messages.snapshots();
    }

    @Provide
    Arbitrary<Page> pages() {
        return Messages.pages();
    }

    @Provide
    Arbitrary<Problem> problems() {
        return Messages.problems();
    }

    @Provide
    Arbitrary<PushOutcome> outcomes() {
        return Messages.outcomes();
    }
}
